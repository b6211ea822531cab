//! Any struct format with any values, both ways: the first line is the format, each further one a value; all of it is
//! also taken as bytes to unpack.
#![no_main]

use lab::pack::{Format, Mark, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let format = match Format::parse(lines.next().unwrap_or_default()) {
        Ok(format) => format,
        Err(why) => return drop(format!("{why:?} {:?}", why.place())),
    };
    let typed: Vec<&str> = lines.collect();
    let marks = [Mark::Native, Mark::NativeOrder, Mark::Little, Mark::Big, Mark::Network];
    for format in marks
        .iter()
        .filter_map(|mark| format.under(*mark).ok())
        .chain([format.clone()])
    {
        let size = format.size();
        #[cfg(planted)]
        assert!(size < 2000, "planted");
        let laid: usize = format.layout().iter().map(|stretch| stretch.to - stretch.from).sum();
        assert_eq!(laid, size, "every byte is somebody's");
        let values: Vec<_> = (format.fields().take(1000).zip(&typed))
            .map(|(field, typed)| Value::typed(field.code, typed))
            .collect();
        if let Ok(values) = values.into_iter().collect::<Result<Vec<_>, _>>() {
            match format.pack(&values) {
                Err(why) => drop(format!("{why:?}")),
                Ok(packed) => {
                    assert_eq!(packed.len(), size);
                    let again = format.unpack(&packed).expect("what was packed");
                    assert_eq!(
                        format.pack(&again).as_ref(),
                        Ok(&packed),
                        "{} {values:?}",
                        format.text()
                    );
                    drop(format!("{again:?}"));
                }
            }
        }
        let _ = format.unpack(bytes);
        if let Some(enough) = bytes.get(..size) {
            let values = format.unpack(enough).expect("as many bytes as it takes");
            assert_eq!(values.len(), format.fields().count());
            drop(values.iter().map(ToString::to_string).collect::<Vec<_>>());
            let _ = format.pack(&values).expect("what was unpacked");
        }
    }
});
