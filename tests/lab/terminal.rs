/// A text without its colours: without the escape sequences that set them (SGR, ECMA-48 8.3.117).
pub fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        let end = end.filter(|end| part[*end..].starts_with('m'));
        match end {
            Some(end) => plain.push_str(&part[end + 1..]),
            None => panic!("an escape sequence that does not set a colour: {part:?}"),
        }
    }
    plain
}
