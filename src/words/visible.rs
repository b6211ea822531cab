//! What may reach a terminal, a page or a program's input: nothing in it that steers, hides, or turns round what stands
//! beside it. Files, peers and arguments are not trusted with that, and this is the one place that says what it is.

/// Invisible characters and such as change the direction of writing, besides the control characters: the categories Cf,
/// Zl and Zp of Unicode, what it calls default-ignorable, and what is no character at all.
const HIDDEN: [(char, char); 29] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    // U+2065 is nobody's; `report::line` ties words with it.
    ('\u{2066}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{1fffe}', '\u{1ffff}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character must be written as an escape to be seen for what it is.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let at = HIDDEN.partition_point(|(_, last)| *last < c);
    c.is_control() || HIDDEN.get(at).is_some_and(|(first, _)| *first <= c)
}

/// The text in one line, with what [is hidden](is_hidden) in it written as a program writes it: `\0`, `\x1b`,
/// `\u{202e}`.
#[must_use]
pub fn tame(text: String) -> String {
    tamed(text, |_| false)
}

/// The same for a text of several lines.
#[must_use]
pub fn tame_lines(text: String) -> String {
    tamed(text, |c| c == '\n')
}

fn tamed(text: String, stays: impl Fn(char) -> bool) -> String {
    let is_wild = |c: char| is_hidden(c) && !stays(c);
    if !text.chars().any(is_wild) {
        return text;
    }
    let mut tamed = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_wild(c) {
            tamed.push_str(&escape(c));
        } else {
            tamed.push(c);
        }
    }
    tamed
}

/// A character that is hidden, as a program writes it.
#[must_use]
pub fn escape(c: char) -> String {
    match c {
        '\0' => "\\0".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ if c.is_control() => format!("\\x{:02x}", u32::from(c)),
        _ => format!("\\u{{{:x}}}", u32::from(c)),
    }
}

/// JSON, in which whatever is hidden can stand inside texts only, with its escapes for it. The ends of lines stay.
#[must_use]
pub fn json(text: String) -> String {
    let is_wild = |c: char| is_hidden(c) && c != '\n';
    if !text.chars().any(is_wild) {
        return text;
    }
    let mut tamed = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_wild(c) {
            let units = &mut [0; 2];
            tamed.extend(c.encode_utf16(units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            tamed.push(c);
        }
    }
    tamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_hides_or_turns_round_is_written_out() {
        let wild = "a\u{1b}[2Jb\u{7}\0\u{9b}\u{202e}c\u{2028}\u{feff}\u{200b}\u{e0041}";
        let written = r"a\x1b[2Jb\x07\0\x9b\u{202e}c\u{2028}\u{feff}\u{200b}\u{e0041}";
        assert_eq!(tame(wild.to_owned()), written);
        assert_eq!(tame_lines("a\nb\u{2066}".to_owned()), "a\nb\\u{2066}");
        assert_eq!(
            json("\"a\u{202e}\u{e0041}\u{7f}\"\n".to_owned()),
            "\"a\\u202e\\udb40\\udc41\\u007f\"\n"
        );
    }

    #[test]
    fn the_table_is_in_order_and_what_is_seen_stays() {
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let seen = "粘包 é e\u{301} \u{3000}｜「」\u{fffd} 😀";
        assert_eq!(tame(seen.to_owned()), seen);
    }
}
