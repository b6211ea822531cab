//! Python's own answers, written down once; and what must hold for every format.

use proptest::prelude::*;

use super::*;

fn int(number: i128) -> Value {
    Value::Integer(number)
}

fn float(number: f64) -> Value {
    Value::Float(number)
}

fn text(text: &str) -> Value {
    Value::Bytes(text.as_bytes().to_vec())
}

fn format(text: &str) -> Format {
    Format::parse(text).expect("a format")
}

/// A format, values, and what CPython 3.11 packed them to, as hex, on 64-bit little-endian Linux.
fn answers() -> Vec<(&'static str, Vec<Value>, &'static str)> {
    vec![
        ("i", vec![int(1_000_000)], "40420f00"),
        ("!i", vec![int(1_000_000)], "000f4240"),
        ("<i", vec![int(-1)], "ffffffff"),
        (">h", vec![int(-2)], "fffe"),
        (
            "I3sf",
            vec![int(7), text("abc"), float(2.5)],
            "070000006162630000002040",
        ),
        ("!I3sf", vec![int(7), text("abc"), float(2.5)], "0000000761626340200000"),
        ("=I3sf", vec![int(7), text("abc"), float(2.5)], "0700000061626300002040"),
        (
            "@bhiq",
            vec![int(1), int(2), int(3), int(4)],
            "01000200030000000400000000000000",
        ),
        (
            "<bhiq",
            vec![int(1), int(2), int(3), int(4)],
            "010200030000000400000000000000",
        ),
        ("bx", vec![int(1)], "0100"),
        ("2xi", vec![int(5)], "0000000005000000"),
        ("<2xi", vec![int(5)], "000005000000"),
        ("b0i", vec![int(1)], "01000000"),
        ("b0q", vec![int(1)], "0100000000000000"),
        ("0s", vec![text("abc")], ""),
        ("3s", vec![text("hello")], "68656c"),
        ("5s", vec![text("hi")], "6869000000"),
        (
            "BHIQ",
            vec![
                int(255),
                int(65_535),
                int(4_294_967_295),
                int(18_446_744_073_709_551_615),
            ],
            "ff00ffffffffffffffffffffffffffff",
        ),
        (
            "!bhiq",
            vec![
                int(-128),
                int(-32_768),
                int(-2_147_483_648),
                int(-9_223_372_036_854_775_808),
            ],
            "808000800000008000000000000000",
        ),
        ("3i", vec![int(1), int(2), int(3)], "010000000200000003000000"),
        ("!3h", vec![int(1), int(-1), int(256)], "0001ffff0100"),
        (
            " b i\tq\n",
            vec![int(1), int(2), int(3)],
            "01000000020000000300000000000000",
        ),
        ("!f", vec![float(0.1)], "3dcccccd"),
        ("!d", vec![float(0.1)], "3fb999999999999a"),
        ("<d", vec![float(-1e+300)], "9c7500883ce437fe"),
        ("<f", vec![float(1e-45)], "01000000"),
        ("!f", vec![int(7)], "40e00000"),
        ("d", vec![float(1.0)], "000000000000f03f"),
        ("bd", vec![int(1), float(1.0)], "0100000000000000000000000000f03f"),
        ("hb", vec![int(1), int(2)], "010002"),
        ("ib", vec![int(1), int(2)], "0100000002"),
        ("", vec![], ""),
        ("!", vec![], ""),
        ("0i", vec![], ""),
        ("4x", vec![], "00000000"),
        ("b3xh", vec![int(1), int(2)], "010000000200"),
        ("=b3xh", vec![int(1), int(2)], "010000000200"),
        ("sbs", vec![text("a"), int(1), text("b")], "610162"),
        ("f", vec![float(1e+39)], "0000807f"),
        ("q2sb", vec![int(1), text("zz"), int(3)], "01000000000000007a7a03"),
        ("!2q", vec![int(1), int(-1)], "0000000000000001ffffffffffffffff"),
    ]
}

/// Whether native formats are here what they are where the answers come from.
fn packs_like_there() -> bool {
    cfg!(all(target_endian = "little", target_pointer_width = "64"))
}

#[test]
fn values_are_packed_as_python_packs_them() {
    let mut checked = 0;
    for (text, values, hex) in answers() {
        let format = format(text);
        if format.mark().is_native() && !packs_like_there() {
            continue;
        }
        let packed = format.pack(&values).expect("it fits");
        assert_eq!(hex::encode(&packed), hex, "{text:?}");
        assert_eq!(format.size(), packed.len(), "{text:?}");
        checked += 1;
    }
    assert!(checked >= 14, "{checked}");
}

#[test]
fn what_no_field_holds_is_refused_with_its_range() {
    let refused = |code: &str, typed: &str| {
        let format = format(code);
        let code = format.fields().next().expect("one field").code;
        let value = Value::typed(code, typed);
        let packed = value.map(|value| format.pack(&[value]));
        match packed {
            Err(why) | Ok(Err(PackError::Value { why, .. })) => why.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        refused("i", "1111111111111"),
        "1111111111111 is out of range: 'i' format requires -2147483648 <= number <= 2147483647"
    );
    assert_eq!(
        refused("B", "-1"),
        "-1 is out of range: 'B' format requires 0 <= number <= 255"
    );
    assert_eq!(
        refused("q", "999999999999999999999999999999999999999999999"),
        "999999999999999999999999999999999999999999999 is out of range: 'q' format requires \
         -9223372036854775808 <= number <= 9223372036854775807"
    );
    assert_eq!(refused("i", "1.5"), "'i' takes an integer, not \"1.5\"");
    assert_eq!(refused("i", "0x"), "'i' takes an integer, not \"0x\"");
    assert_eq!(refused("!f", "1e39"), "1e39 is too large for 'f'");
    let huge = "1".repeat(400);
    assert_eq!(refused("d", &huge), format!("{huge} is too large for 'd'"));
    assert_eq!(Value::typed(Code::Double, "1e999"), Ok(Value::Float(f64::INFINITY)));
    assert_eq!(refused("d", "one"), "'d' takes a number, not \"one\"");
    assert_eq!(
        refused("s", "0xabc"),
        "\"0xabc\" begins with 0x but is not pairs of hex digits"
    );
}

#[test]
fn the_code_that_would_hold_a_number_is_named() {
    let holding = |code: Code, number| code.holding(number).map(Code::letter);
    assert_eq!(holding(Code::Int32, 1_111_111_111_111), Some('q'));
    assert_eq!(holding(Code::Uint32, 1_111_111_111_111), Some('Q'));
    assert_eq!(holding(Code::Int32, 3_000_000_000), Some('I'), "four bytes are enough");
    assert_eq!(holding(Code::Uint8, -1), Some('b'));
    assert_eq!(holding(Code::Int8, 200), Some('B'));
    assert_eq!(holding(Code::Int64, 1 << 64), None);
}

#[test]
fn typed_values_are_read_as_the_code_wants_them() {
    let typed = |code, text| Value::typed(code, text).expect("a value");
    assert_eq!(typed(Code::Int32, "-0x10"), int(-16));
    assert_eq!(typed(Code::Uint8, "+7"), int(7));
    assert_eq!(typed(Code::Double, "7"), int(7));
    assert_eq!(typed(Code::Float, "-2.5e3"), float(-2500.0));
    assert_eq!(typed(Code::Text, "粘包"), text("粘包"));
    assert_eq!(typed(Code::Text, "0x00ff"), Value::Bytes(vec![0, 255]));
    assert_eq!(typed(Code::Text, "0x"), Value::Bytes(Vec::new()));
    assert_eq!(typed(Code::Text, ""), text(""));
}

#[test]
fn values_are_shown_so_that_they_can_be_read() {
    let shown = [
        int(-5),
        float(0.1),
        float(1e300),
        text("abc"),
        text("粘\0\0"),
        Value::Bytes(vec![0, 1]),
    ];
    let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["-5", "0.1", "1e300", "\"abc\"", "\"粘\\0\\0\"", "0x0001"]);
}

#[test]
fn a_text_that_is_no_format_is_told_with_the_place() {
    let wrong = |text: &str| Format::parse(text).expect_err("no format").to_string();
    let codes = "b B h H i I q Q f d s x";
    assert_eq!(
        wrong("ik"),
        format!("character 2: 'k' is no code; the codes are {codes}")
    );
    assert_eq!(
        wrong("粘"),
        format!("character 1: '粘' is no code; the codes are {codes}")
    );
    assert_eq!(
        wrong("!3l"),
        format!("character 3: the code 'l' of Python's struct is not among those of the lab: {codes}")
    );
    assert_eq!(
        wrong(" <i"),
        "character 2: the order mark '<' may stand at the very beginning only"
    );
    assert_eq!(wrong("i3"), "character 2: a count without a code directly behind it");
    assert_eq!(wrong("3 i"), "character 1: a count without a code directly behind it");
}

#[test]
fn what_is_too_large_is_refused_before_memory_is_taken() {
    let most = format!("{MOST}s");
    assert_eq!(format(&most).size(), MOST);
    for text in [
        "1048577s",
        "262145i",
        "99999999999999999999999999q",
        "1048576s b",
        "1048575si",
    ] {
        assert_eq!(Format::parse(text), Err(FormatError::TooLarge), "{text}");
    }
    let long = " ".repeat(MOST + 1);
    assert_eq!(Format::parse(&long), Err(FormatError::TooLong { bytes: MOST + 1 }));
    // Under `=` it is not too large.
    assert_eq!(format("=1048571sbi").size(), MOST);
}

#[test]
fn padding_lies_between_and_not_behind() {
    if !packs_like_there() {
        return;
    }
    let layout = |text: &str| -> String {
        let letter = |stretch: &Stretch| match stretch.owner {
            Owner::Field(field) => field.number.to_string(),
            Owner::Padding => ".".to_owned(),
            Owner::Written => "x".to_owned(),
        };
        let layout = format(text).layout();
        let drawn = layout
            .iter()
            .map(|stretch| letter(stretch).repeat(stretch.to - stretch.from));
        drawn.collect()
    };
    assert_eq!(layout("I3sf"), "1111222.3333");
    assert_eq!(layout("!I3sf"), "11112223333");
    assert_eq!(layout("bqb"), "1.......222222223");
    assert_eq!(layout("2xi2b"), "xx..111123");
    assert_eq!(layout("b0i"), "1...");
    assert_eq!(layout("0s3x"), "xxx");
}

#[test]
fn bytes_of_another_length_are_not_unpacked() {
    let wrong = format("i").unpack(b"abc").expect_err("three bytes");
    assert_eq!(wrong.to_string(), "the format takes 4 bytes, 3 were given");
    let wrong = format("2i").pack(&[int(1)]).expect_err("one value");
    assert_eq!(wrong.to_string(), "the format takes 2 values, 1 were given");
    let wrong = format("is").pack(&[int(1), int(2)]).expect_err("a number");
    assert_eq!(wrong.to_string(), "value 2: 's' takes bytes, not the number 2");
}

#[test]
fn another_mark_keeps_the_codes() {
    let wire = format("I3sf").under(Mark::Network).expect("smaller");
    assert_eq!((wire.text(), wire.size(), wire.mark()), ("!I3sf", 11, Mark::Network));
    assert_eq!(wire.under(Mark::NativeOrder).expect("the same size").text(), "=I3sf");
    assert_eq!(wire, format("!I3sf"));
}

/// A code with its count, and values for it.
fn item() -> impl Strategy<Value = (String, Vec<Value>)> {
    let codes = prop::sample::select(Code::ALL.map(|(_, code)| code).to_vec());
    (codes, 0_usize..4, prop::collection::vec(any::<u64>(), 4), " {0,2}").prop_map(|(code, count, seeds, blank)| {
        let values = match code {
            Code::Skip => Vec::new(),
            Code::Text => vec![Value::Bytes(seeds[0].to_be_bytes()[..count].to_vec())],
            _ => seeds[..count].iter().map(|seed| value(code, *seed)).collect(),
        };
        (format!("{count}{code}{blank}"), values)
    })
}

/// A value that the code holds exactly.
fn value(code: Code, seed: u64) -> Value {
    match code.range() {
        Some(range) => int(range.start() + i128::from(seed) % (range.end() - range.start() + 1)),
        None if code == Code::Float => float(f64::from(u16::try_from(seed % 65536).expect("below 65536")) / 8.0),
        None => float(f64::from(u32::try_from(seed % (1 << 32)).expect("below 2^32")) / 1024.0),
    }
}

/// A format with values for it.
fn formats() -> impl Strategy<Value = (String, Vec<Value>)> {
    let mark = prop::sample::select(vec!["", "@", "=", "<", ">", "!"]);
    (mark, prop::collection::vec(item(), 0..8)).prop_map(|(mark, items)| {
        let (codes, values): (Vec<String>, Vec<Vec<Value>>) = items.into_iter().unzip();
        (format!("{mark}{}", codes.concat()), values.concat())
    })
}

proptest! {
    #[test]
    fn what_was_packed_is_unpacked((text, values) in formats()) {
        let format = Format::parse(&text).expect("a format");
        let bytes = format.pack(&values).expect("it fits");
        prop_assert_eq!(bytes.len(), format.size());
        prop_assert_eq!(format.unpack(&bytes).expect("the same length"), values);
    }

    #[test]
    fn every_byte_has_one_owner_and_fields_are_where_they_say((text, values) in formats()) {
        let format = Format::parse(&text).expect("a format");
        let bytes = format.pack(&values).expect("it fits");
        let layout = format.layout();
        let mut end = 0;
        for stretch in &layout {
            prop_assert_eq!(stretch.from, end);
            prop_assert!(stretch.to > stretch.from);
            end = stretch.to;
            match stretch.owner {
                Owner::Field(field) => prop_assert_eq!((field.at, field.at + field.size), (stretch.from, stretch.to)),
                Owner::Padding | Owner::Written => prop_assert!(bytes[stretch.from..stretch.to].iter().all(|b| *b == 0)),
            }
        }
        prop_assert_eq!(end, format.size());
        let pads = layout.iter().any(|stretch| stretch.owner == Owner::Padding);
        prop_assert!(!pads || format.mark() == Mark::Native);
    }

    #[test]
    fn the_other_order_has_the_bytes_of_each_field_reversed((text, values) in formats()) {
        let format = Format::parse(&text).expect("a format");
        let [little, big] = [Mark::Little, Mark::Big].map(|mark| format.under(mark).expect("no larger"));
        let little_bytes = little.pack(&values).expect("it fits");
        let mut reversed = big.pack(&values).expect("it fits");
        for field in big.fields().filter(|field| field.code != Code::Text) {
            reversed[field.at..field.at + field.size].reverse();
        }
        prop_assert_eq!(little_bytes, reversed);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[@=<>!0-9bBhHiIqQfdsx l粘]{0,12}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(format) = Format::parse(&text) {
            let unpacked = format.unpack(&bytes);
            prop_assert_eq!(unpacked.is_ok(), format.size() == bytes.len());
        }
    }
}
