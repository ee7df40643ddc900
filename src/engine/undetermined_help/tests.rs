//! What is said of each kind of reason.
//! They do not know where reasons come from.

use super::{advice, captures};

#[test]
fn a_pattern_fits_somewhere_and_captures_one_name_at_most() {
    assert_eq!(captures("a", "bab"), Some(vec![]));
    assert_eq!(captures("a", "b"), None);
    assert_eq!(captures("is `*` of", "x is `y` of z"), Some(vec!["y"]));
    let two = "is `a`, is `b` of c";
    assert_eq!(captures("is `*` of", two), Some(vec!["b"]));
    assert_eq!(captures("from *", "from here"), Some(vec!["here"]));
    assert_eq!(captures("é `*`", "é `ü`"), Some(vec!["ü"]));
}

#[test]
fn every_advice_is_one_line_that_says_how() {
    let table = [
        (
            "parameter `Keep` has no default",
            "`--parameters Keep=VALUE`",
        ),
        (
            "`Fn::ForEach` is not expanded: parameter `Names` has no default",
            "`--parameters Names=VALUE`",
        ),
        (
            "the stack's account is not known",
            "`--account ID --region REGION`",
        ),
        ("the name of the stack is not known", "`--stack-name NAME`"),
        (
            "asking AWS for `kmsKeyPolicy` ended with `AccessDeniedException`",
            "grant `kms:GetKeyPolicy`",
        ),
        (
            "asking AWS for `tags` ended with `ThrottlingException`",
            "capture again",
        ),
        ("the snapshot does not have `images`", "--images"),
        (
            "something that nobody has thought of",
            "nothing that can be passed",
        ),
    ];
    for (reason, expected) in table {
        let told = advice(reason, None);
        assert!(told.starts_with("to decide: "), "{told}");
        assert!(told.contains(expected) && !told.contains('\n'), "{told}");
        assert!(
            !told.contains('{') && told.matches('`').count().is_multiple_of(2),
            "{told}"
        );
    }
}
