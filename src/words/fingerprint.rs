//! What is said of a file and its digests.

words! {
    /// Its length.
    size() { "size", "大小" }
    /// When its content was last changed.
    modified() { "modified", "内容修改" }
    /// When content, owner, mode or links were last changed.
    status_changed() { "status change", "状态变更" }
    /// When it was made.
    born() { "created", "创建" }
    /// A time of a time zone that is the same everywhere.
    utc(time: &str) { "{time} UTC", "{time}（UTC）" }
    /// A time that is no date here: seconds since 1970-01-01.
    seconds(seconds: i64) { "{seconds} s since 1970-01-01 UTC", "1970-01-01（UTC）起第 {seconds} 秒" }
    /// About the times.
    about_status() { "Status change (st_ctime) is when the content, the owner, the mode or the links of the file last changed. It is not when the file was created, although Python calls it getctime.", "状态变更（st_ctime）指文件的内容、所有者、权限或链接最近一次变动的时间。它不是创建时间，Python 的 getctime 名字容易让人误会。" }
    /// About the time that is missing.
    about_birth() { "When a file was created is not told by every file system.", "文件是什么时候创建的，不是每种文件系统都会说。" }
    /// About MD5.
    about_md5() { "MD5 is for comparing with what old tools print. Files that differ can be made to have the same MD5, so against somebody who wants to deceive compare SHA-256.", "MD5 只用来和旧工具的结果对照。内容不同、MD5 却相同的文件是造得出来的，要防人作假，就比对 SHA-256。" }
    /// Its length was another than the system had said.
    other_length(said: &str, read: &str) { "CHANGED while it was read, or the system does not know its length: it said {said}, and {read} were read. The digests are of what was read", "读的过程中变了，或者系统不知道它有多长：系统说 {said}，读到 {read}。摘要只代表读到的内容" }
    /// It was written to.
    written_to() { "CHANGED while it was read: the digests may be of a mixture of old and new", "读的过程中有人在写：摘要算的可能是新旧混在一起的内容" }
    /// Standard input.
    no_stdin() { "standard input is no file: it has no size and no times", "标准输入不是文件，没有大小，也没有时间" }
    /// What to do about it.
    dash_file() { "a file of that name is ./-; what comes through a pipe has to be saved first", "真有叫这个名字的文件，写成 ./-；管道里来的内容，先存成文件" }
    /// Ctrl-C.
    interrupted(done: usize, of: usize) { "interrupted; {done} of {of} files were done", "已中断；{of} 个文件做完了 {done} 个" }
}
