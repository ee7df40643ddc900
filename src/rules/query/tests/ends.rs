//! Where a position or a number is at the end of what can be determined.

use serde_json::json;

use super::{counts, truth};

#[test]
fn no_position_is_certain_behind_an_item_that_may_be_absent() {
    let document = json!(["??why", 1, 2]);
    let why = vec!["why".to_owned()];
    for query in ["$[1]", "$[2]", "$[-3]", "$[1:]", "$[::2]", "$[-1:0:-1]"] {
        let (definite, possible) = counts(query, &document);
        assert_eq!((definite, &possible), (0, &why), "{query}");
    }
    // Be it itself or what may stand below it.
    let twice = vec!["why".to_owned(); 2];
    assert_eq!(counts("$..*", &json!({"a": "??why"})), (0, twice));
    assert_eq!(counts("$..*", &json!({"a": "?why"})), (1, why));
}

#[test]
fn whole_numbers_are_compared_to_their_last_digit() {
    // Neither is a number that a double holds.
    let (less, more) = (9_007_199_254_740_993_i64, 9_007_199_254_740_994_i64);
    let document = json!({"a": less, "b": more});
    for (filter, holds) in [
        ("@.a == @.b", "no"),
        ("@.a < @.b", "yes"),
        ("@.b > @.a", "yes"),
        ("@.a >= @.b", "no"),
        ("@.a == 1.5", "no"),
        ("@.a > 1.5", "yes"),
    ] {
        assert_eq!(truth(filter, document.clone()), holds, "{filter}");
    }
}
