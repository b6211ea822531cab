//! What is staged: conditions that are set up on purpose, so that a run shows what it is made for.

use std::time::Duration;

use crate::scenario::framing::SenderFault;
use crate::scenario::plan::{PlannedEndpoint, ReadFrames, Task};
use crate::scenario::{Plan, Transport, Writes};
use crate::story::Story;
use crate::trace::What;
use crate::trace::packet::WireAct;
use crate::words::{self, Lang, errors, telling, wire};

/// What was staged in a run, a sentence each.
#[must_use]
pub fn of_run(story: &Story, lang: Lang) -> Vec<String> {
    let options = story.trace.events.iter().filter_map(|event| match &event.what {
        What::OptionSet { option, value } => {
            let who = words::endpoint(lang, story.name(event.endpoint));
            Some(sentence(lang, &who, option, *value))
        }
        _ => None,
    });
    let fallen = (story.trace.head.no_wire.as_ref()).map(|why| wire::fell_back(lang, &errors::recorded(lang, why)));
    let acts = story.trace.events.iter();
    let holds = acts
        .into_iter()
        .any(|event| matches!(event.what, What::Wire { act: WireAct::Hold, .. }));
    let options = fallen
        .into_iter()
        .chain(of_wire(&story.plan, holds, lang))
        .chain(options);
    options.chain(steps(&story.plan, lang)).collect()
}

/// What is staged about the wire, if there is one, and whether packets are held on it.
fn of_wire(plan: &Plan, holds: bool, lang: Lang) -> Vec<String> {
    let Some(planned) = plan.wire else { return Vec::new() };
    let mut staged = vec![wire::joined(lang, planned.mtu)];
    let mut tell = |is: bool, text: String| {
        if is {
            staged.push(text);
        }
    };
    let (delay, rate) = (millis(planned.delay), planned.rate.unwrap_or(0) / 1000);
    tell(delay > 0 && rate == 0, wire::takes(lang, delay));
    tell(delay > 0 && rate > 0, wire::takes_besides(lang, delay));
    tell(rate > 0, wire::carries(lang, &words::grouped(rate)));
    tell(holds && (delay > 0 || rate > 0), wire::released_at_once(lang));
    tell(delay > 0 || rate > 0, wire::steps_wait(lang));
    tell(planned.loss > 0, wire::loses_percent(lang, planned.loss, planned.seed));
    tell(
        planned.duplicate > 0,
        wire::doubles_percent(lang, planned.duplicate, planned.seed),
    );
    tell(
        planned.reorder > 0,
        wire::reorders_percent(lang, planned.reorder, planned.seed),
    );
    let chance = planned.loss + planned.duplicate + planned.reorder > 0;
    tell(chance && plan.transport == Transport::Tcp, wire::spares_handshake(lang));
    tell(chance && holds, wire::spares_held(lang));
    if let (Some(timeout), Transport::Tcp) = (planned.rto_min_ms, plan.transport) {
        staged.push(wire::timers(lang, &words::grouped(timeout.into())));
    }
    staged
}

/// What a plan will stage, a sentence each.
#[must_use]
pub fn of_plan(plan: &Plan, lang: Lang) -> Vec<String> {
    let of_endpoint = |endpoint: &PlannedEndpoint| {
        let who = words::endpoint(lang, &endpoint.name);
        let is_pipe = plan.transport == Transport::Pipe;
        let send_buffer = if is_pipe { "F_SETPIPE_SZ" } else { "SO_SNDBUF" };
        let options = [
            ("TCP_MAXSEG", endpoint.mss.map(u64::from)),
            ("SO_RCVBUF", endpoint.receive_buffer.map(|bytes| bytes as u64)),
            (send_buffer, endpoint.send_buffer.map(|bytes| bytes as u64)),
            ("TCP_NODELAY", endpoint.nodelay.map(u64::from)),
            ("TCP_QUICKACK", endpoint.quickack.map(u64::from)),
        ];
        let set = options.into_iter().filter_map(|(option, value)| Some((option, value?)));
        set.map(|(option, value)| sentence(lang, &who, option, value))
            .collect::<Vec<_>>()
    };
    let options = plan.endpoints.iter().flat_map(of_endpoint);
    let holds = plan.steps.iter().any(|step| matches!(step.task, Task::Hold));
    let quiet = plan.wire.and_then(|planned| planned.rto_min_ms).is_some() && plan.transport == Transport::Tcp;
    let probes = quiet.then(|| wire::tail_probes_off(lang));
    let options = of_wire(plan, holds, lang).into_iter().chain(probes).chain(options);
    options.chain(steps(plan, lang)).collect()
}

fn sentence(lang: Lang, who: &str, option: &str, value: u64) -> String {
    match (option, value) {
        ("TCP_NODELAY", 0) => telling::nagle_on(lang, who),
        ("TCP_NODELAY", _) => telling::nagle_off(lang, who),
        ("TCP_QUICKACK", 0) => telling::delayed_ack(lang, who),
        ("TCP_QUICKACK", _) => telling::quick_ack(lang, who),
        ("tcp_early_retrans", 0) => wire::tail_probes_off(lang),
        ("F_SETPIPE_SZ", value) => telling::pipe_holds(lang, who, &words::bytes(lang, value)),
        (option, value) => telling::option_set(lang, who, option, value),
    }
}

/// What the steps of a plan stage.
fn steps(plan: &Plan, lang: Lang) -> Vec<String> {
    let mut staged = Vec::new();
    for served in plan.threads().iter().filter(|served| served.len() > 1) {
        let names: Vec<String> = served
            .iter()
            .filter_map(|index| plan.endpoints.get(*index))
            .map(|endpoint| words::endpoint(lang, &endpoint.name))
            .collect();
        staged.push(telling::one_thread(lang, &names.join(&telling::comma(lang))));
    }
    let listeners = plan.endpoints.iter().filter(|endpoint| endpoint.listens).count();
    if listeners > 1 && plan.transport.is_internet() {
        staged.push(telling::listener_each(lang));
    }
    staged.extend(first_program(plan).map(|who| telling::goes_first(lang, &words::endpoint(lang, who))));
    for (index, endpoint) in plan.endpoints.iter().enumerate() {
        let does = |wanted: fn(&Task) -> bool| {
            plan.steps
                .iter()
                .any(|step| step.endpoint == index && wanted(&step.task))
        };
        let who = words::endpoint(lang, &endpoint.name);
        if does(|task| matches!(task, Task::UntilAllQueued | Task::UntilQueued(_))) {
            staged.push(telling::late_reader(lang, &who));
        }
        staged.extend(waits_for_ack(plan, index).map(|say| say(lang, &who)));
    }
    let cuts = |task: &Task| match task {
        Task::SendFrames(step) => matches!(step.writes, Writes::CutHeader | Writes::Bytes),
        _ => false,
    };
    if let Some(step) = plan.steps.iter().find(|step| cuts(&step.task)) {
        let name = plan
            .endpoints
            .get(step.endpoint)
            .map_or("?", |endpoint| endpoint.name.as_str());
        staged.push(telling::cut_up(lang, &words::endpoint(lang, name)));
    }
    for step in &plan.steps {
        let Some(endpoint) = plan.endpoints.get(step.endpoint) else {
            continue;
        };
        let who = words::endpoint(lang, &endpoint.name);
        match &step.task {
            Task::SendFrames(frames) => {
                let faults = frames.frames.iter().filter_map(|frame| frame.fault);
                staged.extend(faults.map(|fault| peer_that_errs(lang, &who, fault)));
            }
            Task::ReadFrames(ReadFrames {
                deadline: Some(patience),
                ..
            }) => staged.push(telling::deadline(lang, &who, millis(*patience))),
            _ => {}
        }
    }
    staged
}

/// Whose program goes first where both ends run one and both could go on.
fn first_program(plan: &Plan) -> Option<&str> {
    if plan.endpoints.len() != 2 {
        return None;
    }
    let mut programs = plan.steps.iter().filter(|step| matches!(step.task, Task::Run(_)));
    let first = programs.next()?.endpoint;
    programs.find(|step| step.endpoint != first)?;
    plan.endpoints.get(first).map(|endpoint| endpoint.name.as_str())
}

/// What it is called that an endpoint waits for an ACK: between its sends, or behind the last one. Nothing if it does not.
fn waits_for_ack(plan: &Plan, endpoint: usize) -> Option<fn(Lang, &str) -> String> {
    let mut own = plan.steps.iter().filter(|step| step.endpoint == endpoint);
    own.find(|step| matches!(step.task, Task::UntilAcked))?;
    let sends_again = own.any(|step| step.task.sends());
    Some(if sends_again {
        telling::waits_between
    } else {
        telling::waits_at_the_end
    })
}

/// What a sender does with a frame that it should not.
fn peer_that_errs(lang: Lang, who: &str, fault: SenderFault) -> String {
    match fault {
        SenderFault::Says(length) => telling::says_wrongly(lang, who, &words::signed(lang, length)),
        SenderFault::StopsAfter(count) => telling::stops_after(lang, who, &words::bytes(lang, count as u64)),
        SenderFault::Dribbles(pause) => telling::dribbles(lang, who, millis(pause)),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
