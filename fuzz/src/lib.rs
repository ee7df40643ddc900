//! What the fuzz targets assert in common.

pub mod walk;
pub mod whole;
