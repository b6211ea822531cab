//! What is well formed and cannot happen.

use super::*;

#[test]
fn every_kind_is_told() {
    tell(TCP, OVER_TCP);
    tell(UDP, OVER_UDP);
}

const QUEUED: &str = "{ receiver.until_queued = \"all\" },";

const RECV: &str = "{ receiver.recv = 1024 },";

const OVER_TCP: &[Case] = &[
    (
        QUEUED,
        "{ receiver.close = true },",
        &["11:3 `receiver` has closed its socket before this step / close last"],
    ),
    (
        QUEUED,
        "{ when = \"more\", receiver.close = true },",
        &["11:3 with more = true: `receiver` has closed its socket before this step / close last"],
    ),
    (
        RECV,
        "{ sender.recv = 5 },",
        &[
            "11:3 this read waits for ever: `receiver` sends nothing and never closes / let receiver send something, or close",
        ],
    ),
    (
        QUEUED,
        "{ receiver.until_queued = 6 },",
        &["10:3 6 bytes never lie in the queue: the steps before send 5 / put this step after the sends it waits for"],
    ),
    (
        QUEUED,
        "{ receiver.until_queued = 11 },",
        &["10:3 11 bytes never lie in the queue: the steps before send 5 / put this step after the sends it waits for"],
    ),
    (
        QUEUED,
        "{ sender.until_queued = \"all\" },",
        &["10:3 the steps before send nothing to this endpoint / put this step after the sends it waits for"],
    ),
    (
        "{ sender.send = \"hello\" },",
        "{ sender.until_acked = true },",
        &[
            "8:3 this endpoint has sent nothing that could be acknowledged",
            "10:3 the steps before send nothing to this endpoint / put this step after the sends it waits for",
            "11:3 this read waits for ever: `sender` sends nothing and never closes / let sender send something, or close",
            "35:16 with more = true: there is no message 2: the steps send 1 message",
        ],
    ),
    (
        "reads = [\"hello\"]",
        "reads = [\"he\", \"llo\"]",
        &["32:9 there is no read 2: the steps make 1 read"],
    ),
    (
        "reads = [\"hello\"]",
        "readings = [\"partial\", \"partial\"]",
        &["32:12 there is no read 2: the steps make 1 read"],
    ),
    (
        "reads = [\"hello\"]",
        "read = { number = 2, text = \"llo\" }",
        &["32:8 there is no read 2: the steps make 1 read"],
    ),
    (
        "reads = [\"hello\"]",
        "together = { from = 2 }",
        &["32:21 there is no message 2: the steps send 1 message"],
    ),
    (
        "left = [\"m1\", \"m2:0-5\"]",
        "left = [\"m1\", \"m2+m3\"]",
        &["35:19 with more = true: there is no message 3: the steps send 2 messages"],
    ),
    (
        "reads = [\"hello\"]",
        "acked = { message = 7, within_ms = 3 }",
        &["32:21 there is no message 7: the steps send 1 message"],
    ),
    (
        "[[contrast]]\nmore = true\n",
        "",
        &[
            "9:3 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
            "32:8 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
        ],
    ),
    (
        "[[predict]]\n",
        "[[predict]]\nwhen = \"size == 7\"\n",
        &[
            "37:8 this applies neither under the defaults nor under any contrast / add a [[contrast]] under which it does, so that it is run and checked",
        ],
    ),
];

const OVER_UDP: &[Case] = &[
    (
        "until_queued = 2",
        "until_queued = 3",
        &[
            "10:3 3 datagrams never lie in the queue: the steps before send 2 / put this step after the sends it waits for",
        ],
    ),
    (
        "{ sender.send = \"\" },",
        "",
        &[
            "10:3 2 datagrams never lie in the queue: the steps before send 1 / put this step after the sends it waits for",
            "12:3 read 2 waits for ever: the other endpoint sends 1 datagram",
        ],
    ),
    (
        "lost = 12",
        "read = { number = 3, text = \"\" }",
        &["18:8 there is no read 3: the steps make 2 reads"],
    ),
];
