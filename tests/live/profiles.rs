//! Whose credentials a capture uses, by what the proxy saw of the signatures.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use serde_json::json;

use crate::program::{Ended, folder};
use crate::server::{ACCOUNTS, all_lines, asked, endpoint, keys, within};

/// The two accounts: that of the profile `audit`, and the other one's.
const OWN: &str = ACCOUNTS[0];
const OTHER: &str = ACCOUNTS[1];

/// The files of a user of the AWS CLI.
fn configured() -> tempfile::TempDir {
    let section = |name: &str, [id, secret, token]: [String; 3]| {
        format!(
            "[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = {token}\n"
        )
    };
    let credentials = section("audit", keys(OWN)) + &section("other", keys(OTHER));
    let role = format!("role_arn = arn:aws:iam::{OTHER}:role/audit\nsource_profile = audit\n");
    let config = format!(
        "[profile audit]\nregion = eu-west-1\n[profile other]\nregion = eu-central-1\n\
         [profile bare]\nregion = eu-west-1\n[profile role]\nregion = eu-west-1\n{role}\
         [profile lost]\nregion = eu-west-1\nrole_arn = arn:aws:iam::{OTHER}:role/audit\nsource_profile = gone\n"
    );
    folder(&[("config", &config), ("credentials", &credentials)])
}

/// A capture of ECR alone with the files of `home` and the keys of the other account in the environment.
fn capture(home: &Path, mode: &str, environment: &[(&str, &str)], more: &[&str]) -> Ended {
    let [id, secret, token] = keys(OTHER);
    let path = |name: &str| home.join(name).to_string_lossy().into_owned();
    let (config, credentials, url) = (path("config"), path("credentials"), endpoint(mode));
    let mut all = vec![
        ("AWS_ACCESS_KEY_ID", id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", &secret),
        ("AWS_SESSION_TOKEN", &token),
        ("AWS_CONFIG_FILE", &config),
        ("AWS_SHARED_CREDENTIALS_FILE", &credentials),
        ("AWS_ENDPOINT_URL", &url),
    ];
    all.extend_from_slice(environment);
    let include = ["--include", "ecr", "--force"];
    let more: Vec<&str> = include.iter().chain(more).copied().collect();
    within(home, mode, &all, &more)
}

/// The access keys that have signed in `mode`.
fn signers(mode: &str) -> Vec<String> {
    let asked = asked(mode);
    let signed = asked["signed"].as_object().expect("counts");
    signed.keys().cloned().collect()
}

#[test]
fn a_profile_that_is_named_is_whose_keys_sign() {
    let home = configured();
    for (mode, environment, more, account, region) in [
        (
            "plain-p1",
            &[][..],
            &["--profile", "audit"][..],
            OWN,
            "eu-west-1",
        ),
        (
            "plain-p2",
            &[("AWS_PROFILE", "other")],
            &["--profile", "audit"],
            OWN,
            "eu-west-1",
        ),
        (
            "plain-p3",
            &[],
            &["--profile", "other"],
            OTHER,
            "eu-central-1",
        ),
        (
            "plain-p4",
            &[("AWS_REGION", "eu-central-1")],
            &["--profile", "audit"],
            OWN,
            "eu-central-1",
        ),
        (
            "plain-p5",
            &[],
            &["--profile", "audit", "--region", "eu-central-1"],
            OWN,
            "eu-central-1",
        ),
        // Without one, the standard chain holds: keys of the environment before those of a file.
        (
            "plain-p6",
            &[("AWS_PROFILE", "audit")],
            &[],
            OTHER,
            "eu-west-1",
        ),
    ] {
        let ended = capture(home.path(), mode, environment, more);
        assert_eq!(ended.code, 0, "{mode}: {}", ended.err);
        assert_eq!(signers(mode), [keys(account)[0].as_str()], "{mode}");
        tells(&ended, home.path(), account, region);
    }
}

/// Holds that a capture says whose credentials it has used and where, in what it prints and in what it writes.
fn tells(ended: &Ended, home: &Path, account: &str, region: &str) {
    let lines = all_lines(&home.join("snapshot.ndjson"));
    let (first, last) = (&lines[0]["accounts"], &lines[lines.len() - 1]["accounts"]);
    assert_eq!(first, last);
    let caller = first[0]["caller"].as_str().expect("a caller");
    let start = format!("arn:aws:sts::{account}:");
    assert!(caller.starts_with(&start), "{caller}");
    let expected = json!([{ "account": account, "caller": caller, "regions": [region] }]);
    assert_eq!(*first, expected);
    let identity = format!("account {account} as `{caller}` in {region}");
    let told: Vec<&str> = ended.err.lines().collect();
    assert_eq!(told[0], format!("capturing {identity}"));
    assert_eq!(told[told.len() - 1], format!("seen: {identity}"));
}

#[test]
fn a_profile_may_take_a_role_with_another_ones_keys() {
    let home = configured();
    let ended = capture(home.path(), "plain-r1", &[], &["--profile", "role"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let signers = signers("plain-r1");
    assert!(signers.contains(&keys(OWN)[0]), "who takes the role");
    assert!(
        !signers.contains(&keys(OTHER)[0]),
        "what lies in the environment"
    );
    let lines = all_lines(&home.path().join("snapshot.ndjson"));
    assert_eq!(lines[0]["accounts"][0]["account"], OTHER);
}

#[test]
fn a_profile_that_gives_nothing_is_an_error_and_asks_nobody_else() {
    let home = configured();
    // Stands in for the metadata of an instance, and has to hear of nobody.
    let metadata = TcpListener::bind("127.0.0.1:0").expect("a port");
    metadata.set_nonblocking(true).expect("a listener");
    let address = format!("http://{}", metadata.local_addr().expect("an address"));
    for (mode, profile, expected) in [
        (
            "plain-e1",
            "nope",
            "there is no profile `nope` in the AWS configuration",
        ),
        (
            "plain-e2",
            "Audit",
            "there is no profile `Audit` in the AWS configuration",
        ),
        (
            "plain-e3",
            "bare",
            "the profile `bare` gives no AWS credentials",
        ),
        ("plain-e4", "lost", "gone"),
    ] {
        let environment = [
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", address.as_str()),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &address),
        ];
        for more in [&[][..], &["--region", "eu-west-1"]] {
            let more: Vec<&str> = ["--profile", profile].iter().chain(more).copied().collect();
            let ended = capture(home.path(), mode, &environment, &more);
            assert_eq!(ended.code, 2, "{profile}: {}", ended.err);
            assert!(ended.err.contains(expected), "{profile}: {}", ended.err);
        }
        assert_eq!(signers(mode), [""; 0], "{profile}");
        let heard = metadata.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(heard, Err(ErrorKind::WouldBlock), "{profile}");
        assert!(!home.path().join("snapshot.ndjson").exists(), "{profile}");
    }
}
