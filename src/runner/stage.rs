//! What is there before the first step: two joined sockets, and their options.

use super::id;
use crate::endpoint::{Endpoint, EndpointError, Pair, Side};
use crate::link::{BeforeConnect, LinkError, Loopback};
use crate::scenario::plan::{Plan, PlannedEndpoint};
use crate::scenario::{Family, Transport};

/// Joins the plan's endpoints over loopback.
pub fn join(plan: &Plan) -> Result<Pair, LinkError> {
    let loopback = Loopback {
        ipv6: plan.family == Family::Ipv6,
        deadline: plan.deadline,
    };
    let before = |planned: &PlannedEndpoint| BeforeConnect {
        mss: planned.mss,
        receive_buffer: planned.receive_buffer,
        send_buffer: planned.send_buffer,
    };
    let [first, second] = [&plan.endpoints[0], &plan.endpoints[1]];
    let (listens, connects) = if first.listens {
        (first, second)
    } else {
        (second, first)
    };
    let stream = plan.transport == Transport::Tcp;
    let (accepted, connected) = if stream {
        loopback.stream(before(listens), before(connects))?
    } else {
        loopback.datagrams(before(listens), before(connects))?
    };
    let sockets = if first.listens {
        [accepted, connected]
    } else {
        [connected, accepted]
    };
    let [one, two] = sockets;
    let side = |index: usize, socket| {
        let planned = &plan.endpoints[index];
        Side::new(id(index), &planned.name, stream, socket, planned.quickack)
    };
    Ok(Pair::new([side(0, one), side(1, two)]))
}

/// Sets the options and records all that is staged.
pub fn set_up(endpoint: &Endpoint<'_>, planned: &PlannedEndpoint) -> Result<(), EndpointError> {
    endpoint.opened();
    if let Some(mss) = planned.mss {
        endpoint.staged("TCP_MAXSEG", mss.into());
    }
    if let Some(bytes) = planned.receive_buffer {
        endpoint.staged("SO_RCVBUF", bytes as u64);
    }
    if let Some(bytes) = planned.send_buffer {
        endpoint.staged("SO_SNDBUF", bytes as u64);
    }
    if let Some(on) = planned.nodelay {
        endpoint.set_nodelay(on)?;
    }
    if let Some(on) = planned.quickack {
        endpoint.set_quickack(on);
    }
    Ok(())
}
