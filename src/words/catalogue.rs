//! The page about the scenarios, for teachers.

words! {
    /// Its title.
    title() { "The catalogue of scenarios", "场景目录" }
    /// Where it comes from.
    how_it_is_made() { "Every scenario that comes with the lab: what it shows, what it asks the class, where playback halts, and what can be changed. This page is printed by `lab list --markdown` from the scenario files themselves; the run decides which answer is right, so the files do not say.", "程序自带的全部场景：讲什么，课前问什么，回放停在哪里，能改什么。这一页由 `lab list --markdown --lang zh` 直接从场景文件打印出来；哪个答案对，由运行结果来定，所以文件里不写。" }
    /// Before what it covers of the tutorials.
    covers() { "*Covers:*", "*对应教程：*" }
    /// Before what to watch.
    watch() { "*Watch:*", "*看点：*" }
    /// Before the cause.
    why() { "*Why:*", "*原因：*" }
    /// The head of the table of knobs.
    knobs_head() { "| knob | default | may be | what it does |", "| 旋钮 | 默认 | 可以是 | 作用 |" }
    /// Before a question.
    asks() { "*Ask before the run*", "*运行前先问*" }
    /// Under which setting something applies.
    under(setting: &str) { " (with {setting})", "（{setting}）" }
    /// Before the stops.
    halts() { "*Playback halts, and the class looks:*", "*回放会停下来，让学生看：*" }
    /// Before the settings that are checked.
    checked() { "*Settings that `lab check` runs:*", "*`lab check` 会跑的设置：*" }
}
