//! Every kind of problem, with its place and its words.

use super::*;

#[test]
fn keys_and_types() {
    tell(
        TCP,
        &[
            ("order = 1", "ordre = 1", &[]),
            ("order = 1", "", &[]),
            ("order = 1", "order = -1", &[]),
            ("order = 1", "order = 1.5", &[]),
            ("order = 1", "order = 99999999999999999999", &[]),
            ("id = \"demo\"", "id = \"Demo 1\"", &[]),
            ("\"tcp\"", "\"tpc\"", &[]),
            ("\"tcp\"", "6", &[]),
            ("order = 1", "order = 1\nfamily = \"ipv5\"", &[]),
            ("order = 1", "order = 1\ndeadline_ms = 99", &[]),
            (", zh = \"标题\"", "", &[]),
            ("en = \"A title\", ", "", &[]),
            ("zh = \"标题\"", "zh = \" \"", &[]),
            ("en = \"A title\"", "en = \"\"", &[]),
            ("zh = \"标题\"", "cn = \"标题\"", &[]),
            ("{ en = \"A title\", zh = \"标题\" }", "\"A title\"", &[]),
            ("listens = true", "listens = true\nseconds = 3", &[]),
            ("listens = true", "listens = true\ndeadline_ms = 3000", &[]),
            ("listens = true", "listens = \"yes\"", &[]),
            ("reads = [\"hello\"]", "reads = \"hello\"", &[]),
            ("reads = [\"hello\"]", "reads = [3]", &[]),
        ],
    );
}

#[test]
fn knobs_and_contrasts() {
    tell(
        TCP,
        &[
            ("\"$size\"", "\"$sizes\"", &[]),
            ("\"$size\"", "\"$mode\"", &[]),
            ("nodelay = \"$more\"", "nodelay = \"$size\"", &[]),
            ("nodelay = \"$more\"", "nodelay = 1", &[]),
            ("range = [1, 100]", "range = [100, 1]", &[]),
            ("range = [1, 100]", "range = [1]", &[]),
            ("range = [1, 100]", "range = [6, 100]", &[]),
            ("range = [1, 100]", "range = [0, 100]", &[]),
            ("range = [1, 100]", "range = [1, 2000000]", &[]),
            ("range = [1, 100]", "range = [1, 100]\nchoices = [\"a\"]", &[]),
            ("range = [1, 100]\n", "", &[]),
            ("default = 5", "default = \"five\"", &[]),
            ("default = 5\n", "", &[]),
            ("default = false", "default = 1.5", &[]),
            ("default = \"slow\"", "default = \"solw\"", &[]),
            ("default = \"slow\"", "default = 3", &[]),
            ("[\"slow\", \"fast\"]", "[\"slow\", \"fast\", \"slow\"]", &[]),
            ("[\"slow\", \"fast\"]", "[\"slow\", \"more\", \"and\", \"很快\"]", &[]),
            ("[\"slow\", \"fast\"]", "[]", &[]),
            ("[knobs.mode]", "[knobs.not]", &[]),
            ("more = true", "more = false", &[]),
            ("more = true", "more = 1", &[]),
            ("more = true", "moer = true", &[]),
            ("more = true", "more = true\nsize = 101", &[]),
            ("more = true", "more = true\nmode = \"quick\"", &[]),
            ("more = true", "more = true\nsteps = []", &[]),
            ("label = { en = \"how\", zh = \"怎么发\" }", "", &[]),
        ],
    );
    tell(
        FRAMES,
        &[
            ("[\"big\", \"little\"]", "[\"big\", \"little\", \"litle\"]", &[]),
            ("\"$order\"", "\"bgi\"", &[]),
            ("order = \"$order\"", "order = \"big\"\nlimit = 0", &[]),
        ],
    );
}

#[test]
fn conditions() {
    let when = "not more and size >= 5 and mode == slow";
    tell(
        TCP,
        &[
            (when, "", &[]),
            (when, "not more and", &[]),
            (when, "and not more", &[]),
            (when, "mor", &[]),
            (when, "not size", &[]),
            (when, "size", &[]),
            (when, "size = 5", &[]),
            (when, "size => 5", &[]),
            (when, "size >=", &[]),
            (when, "size >= true", &[]),
            (when, "size >= mode", &[]),
            (when, "mode >= slow", &[]),
            (when, "mode == solw", &[]),
            (when, "more == 3", &[]),
            (when, "more == on", &[]),
            (when, "not more or size == 5", &[]),
            (when, "not more && size == 5", &[]),
            (when, "!more", &[]),
            (when, "size == 5 6", &[]),
            (when, "size == 5 and cuont == 1 and mode < slow", &[]),
            (when, "大小 == 5", &[]),
            (when, r"size =\u003d 6", &[]),
            (when, "size == 50", &[]),
            ("\"more\", sender", "\"more and not more\", sender", &[]),
        ],
    );
}

#[test]
fn endpoints() {
    tell(
        TCP,
        &[
            ("[endpoints.sender]", "[endpoints.third]\n[endpoints.sender]", &[]),
            ("[endpoints.sender]\nnodelay = \"$more\"\n", "", &[]),
            ("listens = true\n", "", &[]),
            ("nodelay = \"$more\"", "listens = true", &[]),
            ("receiver.recv", "reciever.recv", &[]),
            ("receiver.recv", "client.recv", &[]),
            ("[endpoints.sender]", "[endpoints.Sender]", &[]),
            ("nodelay = \"$more\"", "mss = 20", &[]),
        ],
    );
    tell(
        UDP,
        &[
            ("[endpoints.sender]", "[endpoints.sender]\nnodelay = true\nquickack = false\nmss = 500", &[]),
            ("{ receiver.recv = 8 }", "{ sender.until_acked = true }", &[]),
            ("{ receiver.recv = 8 }", "{ sender.send_frames = [\"a\"] }", &[]),
            ("{ receiver.recv = 8 }", "{ receiver.read_frames = 1 }", &[]),
            ("lost = 12", "held = \"none\"", &[]),
            ("lost = 12", "together = { from = 1 }", &[]),
            ("lost = 12", "acked = { message = 1, within_ms = 3 }", &[]),
            ("lost = 12", "frames = []", &[]),
            ("lost = 12", "fails = { endpoint = \"receiver\", reason = \"short-body\" }", &[]),
            ("[[expect]]", "[framing]\n[[expect]]", &[]),
        ],
    );
    tell(TCP, &[("reads = [\"hello\"]", "lost = 3", &[])]);
}

#[test]
fn steps() {
    let send = "sender.send = \"hello\"";
    tell(
        TCP,
        &[
            (send, "sender.snd = \"hello\"", &[]),
            (send, "sender.write = \"hello\"", &[]),
            (send, "send = \"hello\"", &[]),
            (send, "sender = \"hello\"", &[]),
            (send, "sender = {}", &[]),
            (send, "", &[]),
            (send, "when = \"more\"", &[]),
            (send, "sender.send = \"hello\", sender.close = true", &[]),
            (send, "sender.send = \"hello\", receiver.recv = 3", &[]),
            (send, "sender.send = \"\"", &[]),
            (send, "sender.send = { hex = \"\" }", &[]),
            (send, "sender.send = { hex = \"0af\" }", &[]),
            (send, "sender.send = { letters = 0 }", &[]),
            (send, "sender.send = { letters = 1048577 }", &[]),
            (send, "sender.send = { letters = 3, hex = \"00\" }", &[]),
            (send, "sender.send = 5", &[]),
            (send, "sender.send_frames = [\"hello\"]", &[]),
            (send, "sender.close = false", &[]),
            ("receiver.recv = 1024", "receiver.recv = 16777217", &[]),
            ("receiver.recv = 1024", "receiver.recv = \"1024\"", &[]),
            ("\"all\"", "\"everything\"", &[]),
            ("{ sender.send = \"hello\" }", "\"hello\"", &[]),
        ],
    );
    let one = "{ sender.send = \"hello\" },";
    let many = changed(TCP, one, &one.repeat(198));
    assert_eq!(told(&many, Lang::En), ["7:9 201 steps are too many: at most 200"]);
    let much = changed(TCP, one, &"{ sender.send = { letters = 1048576 } },\n".repeat(17));
    assert_eq!(told(&much, Lang::En), Vec::<String>::new());
    tell(
        FRAMES,
        &[
            ("[framing]\norder = \"$order\"\n", "", &[]),
            ("read_frames = 2", "read_frames = 1001", &[]),
            ("[\"hello\", \"\"]", "[]", &[]),
            ("[\"hello\", \"\"]", "\"hello\"", &[]),
        ],
    );
    tell(TCP, &[("[knobs.more]", "[framing]\n[knobs.more]", &[])]);
}

#[test]
fn claims() {
    let reads = "reads = [\"hello\"]";
    tell(
        TCP,
        &[
            (reads, "", &[]),
            (reads, "reads = [\"hello\"]\nheld = \"none\"", &[]),
            (reads, "raeds = [\"hello\"]", &[]),
            (reads, "reads = [{ hexx = \"00\" }]", &[]),
            (reads, "read = { number = 1 }", &[]),
            (reads, "read = { number = 0, text = \"hello\" }", &[]),
            (reads, "read = { text = \"hello\" }", &[]),
            (reads, "readings = [\"hole\"]", &[]),
            (reads, "left = [\"m1+x\", \"m1:4-4\", \"\"]", &[]),
            (reads, "held = { from = 1, until_ack_of = 1, at_least_ms = 30 }", &[]),
            (reads, "held = { from = 2 }", &[]),
            (reads, "held = \"all\"", &[]),
            (reads, "acked = { message = 1, within = 3 }", &[]),
            (reads, "fails = { endpoint = \"sendr\", reason = \"short\" }", &[]),
            ("readings = [\"stuck\"] }", "readings = [\"stuck\"], reads = [] }", &[]),
            ("claim = { reads = [\"hello\"] }", "claim = {}", &[]),
            ("claim = { reads = [\"hello\"] }", "", &[]),
            ("ask = ", "question = ", &[]),
            ("[[predict.options]]\ntext = { en = \"This\", zh = \"这个\" }\nclaim = { reads = [\"hello\"] }\n", "", &[]),
        ],
    );
}

#[test]
fn what_cannot_happen() {
    let queued = "{ receiver.until_queued = \"all\" },";
    let recv = "{ receiver.recv = 1024 },";
    tell(
        TCP,
        &[
            (queued, "{ receiver.close = true },", &[]),
            (queued, "{ when = \"more\", receiver.close = true },", &[]),
            (recv, "{ sender.recv = 5 },", &[]),
            (queued, "{ receiver.until_queued = 6 },", &[]),
            (queued, "{ receiver.until_queued = 11 },", &[]),
            (queued, "{ sender.until_queued = \"all\" },", &[]),
            ("{ sender.send = \"hello\" },", "{ sender.until_acked = true },", &[]),
            ("reads = [\"hello\"]", "reads = [\"he\", \"llo\"]", &[]),
            ("reads = [\"hello\"]", "readings = [\"partial\", \"partial\"]", &[]),
            ("reads = [\"hello\"]", "read = { number = 2, text = \"llo\" }", &[]),
            ("reads = [\"hello\"]", "together = { from = 2 }", &[]),
            ("left = [\"m1\", \"m2:0-5\"]", "left = [\"m1\", \"m2+m3\"]", &[]),
            ("reads = [\"hello\"]", "acked = { message = 7, within_ms = 3 }", &[]),
            ("[[contrast]]\nmore = true\n", "", &[]),
            ("[[predict]]\n", "[[predict]]\nwhen = \"size == 7\"\n", &[]),
        ],
    );
    tell(
        UDP,
        &[
            ("until_queued = 2", "until_queued = 3", &[]),
            ("{ sender.send = \"\" },", "", &[]),
            ("lost = 12", "read = { number = 3, text = \"\" }", &[]),
        ],
    );
}
