//! x
pub fn init(_c: Option<&str>) -> String {
    String::new()
}
