//! What is there before the first step: joined sockets, two a connection, and their options.

use std::sync::Arc;
use std::time::Duration;

use socket2::Socket;

use super::id;
use super::wiring::Wiring;
use crate::endpoint::{Endpoint, EndpointError, Pair, Side};
use crate::link::{self, BeforeConnect, Carrier, End, LinkError, Loopback};
use crate::scenario::plan::{Plan, PlannedEndpoint};
use crate::scenario::{Family, Transport};

/// Makes all connections of the plan: over its wire, if it has one.
pub fn join(plan: &Plan, mut wiring: Option<&mut Wiring>) -> Result<Vec<Pair>, LinkError> {
    let connections = 0..plan.endpoints.len() / 2;
    let pairs: Result<Vec<Pair>, LinkError> = connections
        .map(|connection| pair(plan, 2 * connection, wiring.as_deref_mut()))
        .collect();
    let pairs = pairs?;
    if let Some(wiring) = wiring {
        let sides: Vec<Arc<Side>> = pairs.iter().flat_map(|pair| pair.sides.clone()).collect();
        wiring.open(&sides);
    }
    Ok(pairs)
}

/// Joins the endpoint at `at` and the one behind it.
fn pair(plan: &Plan, at: usize, wiring: Option<&mut Wiring>) -> Result<Pair, LinkError> {
    let loopback = Loopback {
        ipv6: plan.family == Family::Ipv6,
        deadline: plan.deadline,
    };
    let before = |planned: &PlannedEndpoint| BeforeConnect {
        mss: planned.mss,
        receive_buffer: planned.receive_buffer,
        send_buffer: planned.send_buffer,
    };
    let [first, second] = [&plan.endpoints[at], &plan.endpoints[at + 1]];
    let (listens, connects) = if first.listens {
        (first, second)
    } else {
        (second, first)
    };
    let carrier = carrier(plan.transport);
    let options = [before(listens), before(connects)];
    let cables = wiring.as_ref().map(|wiring| [wiring.cable(at), wiring.cable(at + 1)]);
    let joined = match (carrier, wiring) {
        (_, Some(wiring)) => over_wire(
            wiring,
            at + usize::from(!first.listens),
            carrier,
            options,
            plan.deadline,
        ),
        (carrier, None) => alone(carrier, loopback, options),
    };
    let (accepted, connected) = joined.map_err(|error| error.between([&listens.name, &connects.name]))?;
    let [near, far] = cables.map_or([None, None], |cables| cables.map(Some));
    let sockets = if first.listens {
        [accepted, connected]
    } else {
        [connected, accepted]
    };
    let [one, two] = sockets;
    let side = |index: usize, socket, cable| {
        let planned = &plan.endpoints[index];
        Side::new(id(index), &planned.name, carrier, socket, planned.quickack).on(cable)
    };
    Ok(Pair::new([side(at, one, near), side(at + 1, two, far)]))
}

/// A connection over the wire: (who listens, who connects).
fn over_wire(
    wiring: &mut Wiring,
    listening: usize,
    carrier: Carrier,
    options: [BeforeConnect; 2],
    deadline: Duration,
) -> Result<(Socket, Socket), LinkError> {
    let mut place = |index: usize, end: End| {
        let place = wiring.place(index, end == End::Listens);
        place.map_err(|error| LinkError::no_socket(end, error))
    };
    let (listens, connects) = (place(listening, End::Listens)?, place(listening ^ 1, End::Connects)?);
    let (listens, connects) = ((listens, options[0]), (connects, options[1]));
    let joined = if carrier == Carrier::Tcp {
        link::stream(listens, connects, deadline)?
    } else {
        link::datagrams(listens, connects)?
    };
    // What of the handshake was repeated, on a machine too busy to carry it in time, may still be under way.
    wiring.settle(deadline);
    Ok(joined)
}

/// A connection inside this machine: (who listens, who connects).
fn alone(carrier: Carrier, loopback: Loopback, options: [BeforeConnect; 2]) -> Result<(Socket, Socket), LinkError> {
    match carrier {
        Carrier::Tcp => loopback.stream(options[0], options[1]),
        Carrier::Udp => loopback.datagrams(options[0], options[1]),
        Carrier::UnixStream | Carrier::UnixDatagram | Carrier::UnixSeqpacket => link::unix_pair(carrier, options),
        // Who listens reads.
        Carrier::Pipe => link::pipe().map(|(writes, reads)| (reads, writes)),
    }
}

/// How the scenario's word for what joins the endpoints is kept here.
fn carrier(transport: Transport) -> Carrier {
    match transport {
        Transport::Tcp => Carrier::Tcp,
        Transport::Udp => Carrier::Udp,
        Transport::UnixStream => Carrier::UnixStream,
        Transport::UnixDatagram => Carrier::UnixDatagram,
        Transport::UnixSeqpacket => Carrier::UnixSeqpacket,
        Transport::Pipe => Carrier::Pipe,
    }
}

/// Sets the options and records all that is staged.
pub fn set_up(endpoint: &Endpoint<'_>, planned: &PlannedEndpoint, transport: Transport) -> Result<(), EndpointError> {
    endpoint.opened();
    if let Some(mss) = planned.mss {
        endpoint.staged("TCP_MAXSEG", mss.into());
    }
    if let Some(bytes) = planned.receive_buffer {
        endpoint.staged("SO_RCVBUF", bytes as u64);
    }
    match planned.send_buffer {
        // It belongs to the pipe, and is set after it was made.
        Some(bytes) if transport == Transport::Pipe => endpoint.set_pipe_capacity(bytes)?,
        Some(bytes) => endpoint.staged("SO_SNDBUF", bytes as u64),
        None => {}
    }
    if let Some(on) = planned.nodelay {
        endpoint.set_nodelay(on)?;
    }
    if let Some(on) = planned.quickack {
        endpoint.set_quickack(on)?;
    }
    Ok(())
}
