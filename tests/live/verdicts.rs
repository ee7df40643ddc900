//! A captured account has the verdicts that the table of kinds tells.
