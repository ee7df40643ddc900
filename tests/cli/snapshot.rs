//! `ecrlint snapshot` as far as it goes without a server.

use crate::program::ecrlint;

#[cfg(not(feature = "capture"))]
#[test]
fn a_binary_without_capture_says_how_to_get_one() {
    let ended = ecrlint(["snapshot"]).ends();
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended
            .err
            .contains("cargo install --locked --path . --features capture"),
        "{}",
        ended.err
    );
}

#[cfg(feature = "capture")]
mod with_capture {
    use serde_json::Value;

    use super::ecrlint;
    use crate::program::{Ended, Run};

    /// A run that finds no credentials on the machine, wherever it looks.
    fn nobody(run: Run) -> Run {
        run.env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", "/nowhere/config")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials")
    }

    fn snapshot(folder: &tempfile::TempDir, arguments: &[&str]) -> Ended {
        let arguments = [&["snapshot"], arguments].concat();
        nobody(ecrlint(arguments)).within(folder.path()).ends()
    }

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    /// Holds that the command refuses, says so, and leaves nothing behind.
    fn refused(arguments: &[&str], says: &str) {
        let folder = scratch();
        let ended = snapshot(&folder, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(says), "{arguments:?}: {}", ended.err);
        assert!(!folder.path().join("snapshot.ndjson").exists());
    }

    #[test]
    fn without_credentials_it_says_where_to_get_some() {
        refused(
            &["--region", "eu-west-1"],
            "there are no AWS credentials; name a profile with `--profile`",
        );
    }

    #[test]
    fn without_a_region_it_asks_for_one() {
        refused(&[], "no AWS region is set; name one with `--region`");
    }

    #[test]
    fn a_text_that_is_no_region_never_becomes_a_host() {
        let text = "`evil.example/` is not a region, expected a name such as `eu-west-1`";
        refused(&["--region", "evil.example/"], text);
    }

    #[test]
    fn a_profile_that_is_not_there_is_reported() {
        refused(
            &["--region", "eu-west-1", "--profile", "ghost"],
            "the profile `ghost` gives no AWS credentials, or is not there",
        );
    }

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        refused(&["-", "--resume"], "`--resume` needs a file");
        refused(
            &["--region", "all", "--region", "eu-west-1"],
            "`--region all` is every region",
        );
        refused(
            &["--assume-role", "arn:aws:iam::{account}:role/r"],
            "add `--accounts`",
        );
        refused(&["--accounts=111111111111"], "add `--assume-role");
        let role = ["--assume-role", "arn:aws:iam::{account}:role/r"];
        refused(
            &[&role[..], &["--accounts"]].concat(),
            "the configuration has no `organisation.environments`",
        );
        refused(
            &[&role[..], &["--accounts=1234"]].concat(),
            "`1234` is not an account, expected twelve digits",
        );
    }

    #[test]
    fn a_file_that_is_no_snapshot_is_left_as_it_is() {
        let folder = scratch();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "mine\n").expect("a file");
        let ended = snapshot(&folder, &["--region", "eu-west-1", "notes.txt"]);
        assert_eq!(ended.code, 2);
        assert!(
            ended.err.contains("is there and is not a snapshot"),
            "{}",
            ended.err
        );
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), "mine\n");
        assert!(!folder.path().join("notes.txt.part").exists());
    }

    #[test]
    fn a_dry_run_names_what_would_be_asked() {
        let folder = scratch();
        let text = "organisation:\n  environments:\n    dev: { account: \"111111111111\", region: eu-west-1 }\n    \
                    prod: { account: \"333333333333\", region: eu-central-1 }\n";
        std::fs::write(folder.path().join("ecrlint.yaml"), text).expect("a file");
        let role = "arn:aws:iam::{account}:role/audit";
        let ended = snapshot(
            &folder,
            &[
                "--dry-run",
                "--accounts",
                "--assume-role",
                role,
                "--include",
                "kms",
            ],
        );
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        for said in [
            "role     arn:aws:iam::111111111111:role/audit\n",
            "regions  eu-central-1 of 333333333333\n",
            "calls    ecr:DescribeRepositories (once per 1,000 repositories)\n",
            "calls    kms:GetKeyPolicy (once a key)\n",
        ] {
            assert!(ended.out.contains(said), "{said}: {}", ended.out);
        }
        assert!(!ended.out.contains("ssm:"), "{}", ended.out);
    }

    #[test]
    fn the_policy_is_one_that_iam_can_read() {
        let folder = scratch();
        let ended = snapshot(
            &folder,
            &["--print-iam-policy", "--region", "all", "--images"],
        );
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let policy: Value = serde_json::from_str(&ended.out).expect("JSON");
        assert_eq!(policy["Version"], "2012-10-17");
        assert!(ended.out.contains("\"account:ListRegions\""));
        assert!(ended.out.contains("\"ecr:DescribeImages\""));
        assert!(ended.out.ends_with("}\n"));
    }
}
