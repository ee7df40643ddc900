//! Rules that count no more images than one push of a multi-platform image made: which pushes tell it, and what they made.

use serde_json::{Value, json};

use crate::program::{ecrlint, folder};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

const THREE: &[&str] = &["a - 01", "b - 02", "i v1 03 lists=a,b"];
const SIGNED: &[&str] = &[
    "a - 01",
    "b - 02",
    "i v1 03 lists=a,b",
    "s - 04 refers=i",
    "t - 05 refers=s",
    "u - 06 refers=b",
];
const TAGGED: &[&str] = &["a v1-arm 01", "i v1 03 lists=a,gone"];
const SHARED: &[&str] = &["a - 01", "b - 02", "i v1 03 lists=a,b", "j v2 04 lists=a,b"];
const TWO: &[&str] = &[
    "a - 01",
    "i v1 02 lists=a",
    "b - 03",
    "c - 04",
    "d - 05",
    "j v2 06 lists=b,c,d",
];
const UNSEEN: &[&str] = &["a - 01", "b - 02", "i v1 03 index"];
const UNSEEN_SIGNED: &[&str] = &["a - 01", "i v1 03 index", "s - 04 refers=i"];
const ARCHIVED: &[&str] = &["a - 01", "b - 02", "i v1 03 lists=a,b archived"];
const UNKNOWN: &str = "? what is listed by the index `v1` is not known";

/// The rules of a policy, images, and what is said of them.
#[rustfmt::skip] // a table
const CASES: &[(&[&str], &[&str], &str)] = &[
    (&["1 any 3"], THREE, "3 images, and one push made 3: the index `v1` and 2 images that it lists"),
    (&["1 any 4"], THREE, "-"),
    (&["1 any 6"], SIGNED, "6 images, and one push made 6: the index `v1`, 2 images that it lists and 3 that refer to these"),
    (&["1 any 7"], SIGNED, "-"),
    // Of a push the rule has to select more than the index.
    (&["1 v* 1"], THREE, "-"),
    (&["1 untagged 1"], THREE, "-"),
    (&["1 v* 2"], TAGGED, "2 images, and one push made 2: the index `v1` and 1 image that it lists"),
    (&["1 v1-* 1"], TAGGED, "-"),
    // The rule in front takes the index, so that it stays.
    (&["1 v* 100", "2 any 2"], THREE, "-"),
    (&["1 w* 100", "2 any 2"], THREE, "2 images, and one push made 3: the index `v1` and 2 images that it lists"),
    // What two indexes list was made once.
    (&["1 any 1"], SHARED, "-"),
    (&["1 any 2"], TWO, "2 images, and one push made 4: the index `v2` and 3 images that it lists"),
    (&["1 any 3 archive"], THREE, "-"),
    (&["1 any 1"], ARCHIVED, "-"),
    (&["1 any 1"], &["a v1 01"], "-"),
    (&["1 any 1"], &[], "-"),
    (&["1 any 3"], UNSEEN, UNKNOWN),
    (&["1 any 4"], UNSEEN, "-"),
    (&["1 v* 1"], UNSEEN, "-"),
    (&["1 any 2"], UNSEEN_SIGNED, "2 images, and one push made 2: the index `v1` and 1 that refers to these"),
    (&["1 any 3"], UNSEEN_SIGNED, UNKNOWN),
    (&["1 ^v* 2"], TAGGED, "? AWS does not say what `*` means in the prefix `v*`"),
];

/// An image such as `i v1 9 lists=a,b`: its digest, its tags or `-`, the second of its push, and what it is to others.
fn image(text: &str) -> Value {
    let mut words = text.split(' ');
    let mut word = || words.next().expect("a word");
    let digest = word();
    let tags: Vec<_> = word().split(',').filter(|tag| *tag != "-").collect();
    let pushed = format!("2026-01-01T00:00:{}Z", word());
    let mut image = json!({ "imageDigest": digest, "imageTags": tags, "imagePushedAt": pushed });
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "lists" => {
                image["imageManifestMediaType"] = INDEX.into();
                let all = value.split(',').map(|digest| json!({ "digest": digest }));
                let manifest = json!({ "manifests": Value::from_iter(all) });
                image["imageManifest"] = manifest.to_string().into();
            }
            "index" => image["imageManifestMediaType"] = INDEX.into(),
            "refers" => image["subjectManifestDigest"] = value.into(),
            "archived" => image["imageStatus"] = "ARCHIVED".into(),
            other => panic!("{other}"),
        }
    }
    image
}

/// A rule such as `1 v*,*-rc 5` or `2 any 3`, in which `archive` behind moves images to the archive.
fn rule(text: &str) -> Value {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |at: usize| words[at].parse::<u64>().expect("a number");
    let mut selection = json!({ "countType": "imageCountMoreThan", "countNumber": number(2) });
    match words[1] {
        status @ ("any" | "untagged") => selection["tagStatus"] = status.into(),
        list => {
            selection["tagStatus"] = "tagged".into();
            let prefixes = list.strip_prefix('^');
            let key = if prefixes.is_some() {
                "tagPrefixList"
            } else {
                "tagPatternList"
            };
            selection[key] = prefixes.unwrap_or(list).split(',').collect();
        }
    }
    let action = match words.get(3) {
        Some(_) => json!({ "type": "transition", "targetStorageClass": "archive" }),
        None => json!({ "type": "expire" }),
    };
    json!({ "rulePriority": number(0), "selection": selection, "action": action })
}

/// What is said of a policy beside images: the verdict, and what one push made.
fn said(rules: &[&str], images: &[&str]) -> String {
    let rules: Vec<_> = rules.iter().map(|text| rule(text)).collect();
    let images: Vec<_> = images.iter().map(|text| image(text)).collect();
    let record = json!({
        "account": "111122223333", "region": "eu-west-1", "images": images,
        "repository": { "repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/a", "repositoryName": "a" },
        "lifecyclePolicy": { "lifecyclePolicyText": json!({ "rules": rules }).to_string() },
    });
    let folder = folder(&[("s.ndjson", &format!("{record}\n"))]);
    let only = "lifecycle-few-for-index";
    let run = ecrlint(["check", "s.ndjson", "--select", only, "-o", "json"]);
    let (_, report) = run.within(&folder).json();
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let mut found = found.filter(|one| one["rule"] == only);
    let Some(one) = found.next() else {
        return "-".to_owned();
    };
    assert!(found.next().is_none(), "one rule is meant");
    let message = one["message"].as_str().expect("a text");
    match one["verdict"].as_str() {
        Some("fail") => {
            let (_, push) = message.split_once("keeps ").expect("what it keeps");
            push.split(';').next().expect("a part").to_owned()
        }
        _ => {
            let (_, reason) = message.split_once("because ").expect("a reason");
            format!("? {reason}")
        }
    }
}

#[test]
fn a_push_tells_by_what_of_it_the_rule_selects() {
    for (rules, images, expected) in CASES {
        let said = said(rules, images);
        let is_alike = match expected.starts_with('?') {
            true => said.starts_with(expected),
            false => said == *expected,
        };
        assert!(is_alike, "{rules:?} {images:?}: {said}");
    }
}
