//! Python's struct formats: what they mean, what they give, what is wrong with them.

// Formats.
words! {
    /// What a mark means.
    native(order: &str) { "native byte order ({order} here), aligned", "本机字节序（这里是{order}），要对齐" }
    /// What a mark means.
    native_order(order: &str) { "native byte order ({order} here), no padding", "本机字节序（这里是{order}），不填充" }
    /// What a mark means.
    little() { "little-endian, no padding", "小端序，不填充" }
    /// What a mark means.
    big() { "big-endian, no padding", "大端序，不填充" }
    /// What a mark means.
    network() { "network byte order (big-endian), no padding", "网络字节序（大端序），不填充" }
    /// A byte order.
    little_endian() { "little-endian", "小端序" }
    /// A byte order.
    big_endian() { "big-endian", "大端序" }
    /// What a code is.
    signed(size: &str) { "signed integer, {size}", "有符号整数，{size}" }
    /// What a code is.
    unsigned(size: &str) { "unsigned integer, {size}", "无符号整数，{size}" }
    /// What a code is.
    float(size: &str) { "floating-point number, {size}", "浮点数，{size}" }
    /// What a code is.
    text(size: &str) { "text, {size}", "文本，{size}" }
    /// Bytes that alignment puts in.
    padding(size: &str) { "padding, {size}", "填充，{size}" }
    /// Bytes that alignment puts in, and why.
    padding_before(size: &str, code: &str, multiple: usize) { "padding, {size}: {code} begins at a multiple of {multiple}", "填充，{size}：{code} 要从 {multiple} 的倍数处开始" }
    /// Bytes that an x puts in.
    skipped(size: &str) { "x: {size} without a value", "x：{size}，不放值" }
    /// Beside a text that was too long.
    cut(given: &str, kept: &str) { "{given} were given, {kept} kept: the rest is gone", "给了 {given}，只留 {kept}，多出来的没了" }
    /// Beside a text that was too short.
    filled(given: &str) { "{given} given, the rest filled up with zeros", "给了 {given}，后面用 0 补齐" }
    /// Beside a number that is kept as another one.
    nearest(given: &str) { "nearest to {given} that fits", "给的是 {given}，这是能存下的最近的数" }
    /// Before bytes that belong to no field.
    padding_of() { "padding", "填充" }
    /// Beside a value that is larger than any float.
    was_infinite(given: &str) { "{given} is larger than any double (about 1.8e308), so as a float it is infinite, in Python too", "{given} 比任何双精度数（最大约 1.8e308）都大，写成浮点数就是无穷大，Python 里也一样" }
    /// What no code for floats holds.
    no_float_holds() { "no float code holds it: d ends at about 1.8e308", "没有浮点格式放得下：d 最大到约 1.8e308" }
    /// Beside a number that has become infinite.
    became_infinite(given: &str) { "{given} is too large for f, and became infinite, as in C and in Python's native formats; d would hold it", "给的 {given} 太大，f 放不下，变成了无穷大（C 和 Python 的本机格式都这样）；用 d 就放得下" }
    /// Heading.
    other_marks() { "The same codes with another mark", "同样的格式字符，换一个记号" }
    /// Heading.
    read_otherwise() { "The same bytes read with another mark", "同样的字节，换一个记号去读" }
    /// Fields that are not shown.
    more_fields(count: &str) { "{count} more", "还有 {count} 项" }
}

// A run.
words! {
    /// A program packs.
    packs(values: &str, format: &str, size: &str) { "packs {values} as \"{format}\": {size}", "把 {values} 按 \"{format}\" 打包：{size}" }
    /// A program unpacks.
    unpacks(size: &str, format: &str, values: &str) { "unpacks {size} as \"{format}\": {values}", "把 {size}按 \"{format}\" 解包：{values}" }
    /// A program cannot pack.
    gives_up_packing(why: &str) { "GIVES UP, and sends nothing: {why}", "放弃，什么也没发：{why}" }
    /// A program cannot unpack.
    gives_up_unpacking(why: &str) { "GIVES UP: {why}", "放弃：{why}" }
    /// Margin note of a struct with padding.
    has_padding(size: &str) { "PADDING: {size}", "填充：{size}" }
}

// What is wrong.
words! {
    /// No code.
    no_code(format: &str, at: usize, found: &str) { "format {format}: character {at}, {found}, is no code", "格式 {format}：第 {at} 个字符 {found} 不是格式字符" }
    /// A code that only Python knows.
    other_code(format: &str, at: usize, found: &str) { "format {format}: character {at}, {found}, is a code of Python's struct that the lab does not have", "格式 {format}：第 {at} 个字符 {found} 是 Python struct 的格式字符，但本程序不支持" }
    /// A mark in the wrong place.
    late_mark(format: &str, at: usize, found: &str) { "format {format}: character {at}, {found}, is an order mark and may stand only at the very beginning", "格式 {format}：第 {at} 个字符 {found} 是字节序记号，只能写在最前面" }
    /// A count without a code.
    count_alone(format: &str, at: usize) { "format {format}: the count at character {at} has no code directly behind it", "格式 {format}：第 {at} 个字符处的次数后面没有紧跟格式字符" }
    /// What may stand in a format.
    codes_are() { "codes are b B h H i I q Q (integers of 1, 2, 4, 8 bytes; capitals unsigned), f d (floating-point, 4 and 8), s (text), x (a byte without a value); a count may stand before each, as in 3s", "格式字符有 b B h H i I q Q（1、2、4、8 字节的整数，大写的无符号），f d（4、8 字节的浮点数），s（文本），x（不放值的一个字节）；前面都可以写次数，比如 3s" }
    /// Where marks may stand.
    marks_are() { "@ = < > ! may stand once, before everything else, as in !I3sf", "@ = < > ! 只能写一个，写在最前面，比如 !I3sf" }
    /// A count belongs to a code.
    counts_are() { "a count stands directly before its code, without a blank: 3s, 2i", "次数紧贴在格式字符前面，中间不能有空格：3s、2i" }
    /// Too much.
    format_too_long(bytes: &str) { "the format is {bytes} long; at most 1 MiB is read", "格式长 {bytes}；最多只读 1 MiB" }
    /// Too much.
    result_too_large() { "the result would be longer than 1 MiB", "结果会超过 1 MiB" }
    /// What to do about it.
    smaller_counts() { "use smaller counts", "把次数改小" }
    /// Not one value for each field.
    value_count(format: &str, wanted: usize, given: usize) { "the number of values does not match: format {format} takes {wanted}, given are {given}", "值的个数不对：格式 {format} 要 {wanted} 个，给了 {given} 个" }
    /// Which values a format takes.
    values_are(codes: &str) { "one value for each of: {codes}", "依次给出这些格式字符的值：{codes}" }
    /// A format that takes none.
    takes_none() { "this format takes no value", "这个格式不要值" }
    /// A number that does not fit.
    out_of_range(number: usize, value: &str, code: &str, smallest: &str, largest: &str) { "value {number}, {value}, is out of range: '{code}' format requires {smallest} <= number <= {largest}", "第 {number} 个值 {value} 超出范围：'{code}' 要求 {smallest} <= 数值 <= {largest}" }
    /// Which code would do.
    would_hold(code: &str, what: &str) { "{code} would hold it ({what})", "用 {code} 就放得下（{what}）" }
    /// None would do.
    nothing_holds() { "no integer code holds it; s could carry its digits as text", "没有哪个整数格式字符放得下；可以用 s 把它当文本传" }
    /// A number that does not fit.
    too_large(number: usize, value: &str, code: &str) { "value {number}, {value}, is too large for '{code}'", "第 {number} 个值 {value} 太大，'{code}' 放不下" }
    /// Not an integer.
    no_integer(number: usize, value: &str, code: &str) { "value {number}, {value}: '{code}' takes an integer", "第 {number} 个值 {value}：'{code}' 要一个整数" }
    /// What to do about it.
    integers_are() { "an integer is decimal or begins with 0x; f and d take fractions", "整数写成十进制，或者以 0x 开头；小数要用 f 或 d" }
    /// Not a number.
    no_number(number: usize, value: &str, code: &str) { "value {number}, {value}: '{code}' takes a number", "第 {number} 个值 {value}：'{code}' 要一个数" }
    /// What to do about it.
    numbers_are() { "for example 2.5, -1e3 or 7", "比如 2.5、-1e3 或 7" }
    /// Not bytes.
    no_bytes(number: usize, value: &str) { "value {number}, {value}: 's' takes text", "第 {number} 个值 {value}：'s' 要文本" }
    /// What to do about it.
    texts_are() { "a text stands between quotes; bytes that are none are 0x and hex digits", "文本要写在引号里；不是文本的字节，写成 0x 加十六进制数字" }
    /// Not hex.
    no_hex_value(number: usize, value: &str) { "value {number}, {value}: what begins with 0x must be pairs of hex digits", "第 {number} 个值 {value}：以 0x 开头的，后面要是成对的十六进制数字" }
    /// Not hex.
    no_hex(found: &str) { "{found} is no hex", "{found} 不是十六进制" }
    /// Half a byte.
    odd_hex(digits: usize) { "{digits} hex digits are no whole number of bytes", "{digits} 个十六进制数字凑不成整字节" }
    /// What to do about it.
    hex_is() { "two hex digits a byte, blanks as you like, 0x in front if you like: 40 42 0f 00", "每个字节两个十六进制数字，空格随意，前面写不写 0x 都行：40 42 0f 00" }
    /// Bytes of another length.
    byte_count(format: &str, wanted: &str, given: &str) { "format {format} takes {wanted}, given are {given}", "格式 {format} 要 {wanted}，给了 {given}" }
    /// What to do about it.
    take_as_many(formats: &str) { "that many bytes would be right for {formats}", "这么多字节，正好是 {formats} 要的" }
}
