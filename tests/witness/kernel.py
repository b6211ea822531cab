"""What strace saw of each endpoint of a run: its descriptor, from the call that made it to the one that closed it, and every
call on it.
"""
import re

import strace

TCP_INFO_FIELDS = {"mss": 16, "sent": 136, "received": 140, "data_sent": 156}


class Socket:
    """A descriptor while it is open. One that was accepted has the options of the one it came from."""

    def __init__(self, parent=None):
        self.options = list(parent.options) if parent else []


class Endpoint:
    """What the kernel was asked for one end of a connection, in the order in which the calls ended."""

    def __init__(self, socket, local, peer):
        self.socket, self.local, self.peer = socket, local, peer
        self.sends, self.recvs = [], []
        self.queues, self.infos, self.stamps, self.dropped = [], [], [], []
        self.shutdowns, self.closed = [], False
        # Whether it carries datagrams: only of these is the whole length asked for.
        self.is_datagram = False
        # Errors that a look at the queue has met: the kernel tells them once, so the next call reports them.
        self.met = []

    @property
    def options(self):
        return self.socket.options


class Kernel:
    """The endpoints of a run, in the order in which it opened them."""

    def __init__(self, log):
        self.endpoints = []
        self.calls = strace.calls(log)
        self._descriptors, self._owners, self._asked = {}, {}, {}
        self._named = {}
        for call in self.calls:
            self._take(call)

    def _take(self, call):
        handler = getattr(self, "_" + call.name, None)
        if handler:
            handler(call)

    def _made(self, descriptor, parent=None):
        self._descriptors[descriptor] = Socket(self._descriptors.get(parent))
        self._owners.pop(descriptor, None)

    def _socket(self, call):
        if call.result is not None and call.result >= 0:
            self._made(call.result)

    def _accept4(self, call):
        if call.result is not None and call.result >= 0:
            self._made(call.result, strace.number(call.arguments[0]))

    _accept = _accept4

    def _pipe2(self, call):
        for descriptor in map(int, re.findall(r"\d+", call.arguments[-2] if len(call.arguments) > 1 else call.arguments[0])):
            self._made(descriptor)

    def _socketpair(self, call):
        for descriptor in map(int, re.findall(r"\d+", call.arguments[3])):
            self._made(descriptor)

    def _getsockname(self, call):
        self._named[call.thread] = (strace.number(call.arguments[0]), self._address(call))

    def _getpeername(self, call):
        """Both names of one descriptor, one right after the other: here the run says what its next endpoint is."""
        descriptor, local = self._named.pop(call.thread, (None, None))
        if descriptor is None or descriptor != strace.number(call.arguments[0]):
            return
        socket = self._descriptors.setdefault(descriptor, Socket())
        endpoint = Endpoint(socket, local, self._address(call))
        self._owners[descriptor] = endpoint
        self.endpoints.append(endpoint)

    @staticmethod
    def _address(call):
        return None if call.error else strace.address(call.arguments[1])

    def _of(self, call):
        return self._owners.get(strace.number(call.arguments[0]))

    def _sendto(self, call):
        if endpoint := self._of(call):
            endpoint.sends.append(call)

    def _write(self, call):
        if endpoint := self._of(call):
            endpoint.sends.append(call)

    def _recvfrom(self, call):
        if not (endpoint := self._of(call)):
            return
        endpoint.is_datagram |= "MSG_TRUNC" in call.arguments[3]
        if "MSG_PEEK" not in call.arguments[3]:
            endpoint.recvs.append(call)
            return
        if call.error and call.error not in ("EAGAIN", "EINTR"):
            endpoint.met.append(call.error)

    def _read(self, call):
        if endpoint := self._of(call):
            endpoint.recvs.append(call)

    def _recvmsg(self, call):
        if not (endpoint := self._of(call)) or call.error:
            return
        info = re.search(r"ee_origin=4, .*?ee_info=(\d+), ee_data=(\d+)", call.arguments[1])
        time = re.search(r"SO_TIMESTAMPING\w*, cmsg_data=\[\{tv_sec=(\d+), tv_nsec=(\d+)\}", call.arguments[1])
        if info and time:
            kind = {"0": "left", "2": "acknowledged"}.get(info[1])
            endpoint.stamps.append((kind, int(info[2]), int(time[1]) * 10**9 + int(time[2])))

    def _ioctl(self, call):
        """Three questions of one thread about one descriptor, one after the other, are one answer about the queues."""
        if not (endpoint := self._of(call)):
            return
        answer = None if call.error else strace.number(call.arguments[2])
        name = call.arguments[1]
        key = (call.thread, id(endpoint))
        if "TIOCOUTQ" in name or "SIOCOUTQ" in name and "NSD" not in name:
            self._asked[key] = [answer]
        elif "SIOCOUTQNSD" in name or "0x894b" in name.lower():
            self._asked.setdefault(key, [None]).append(answer)
        elif "FIONREAD" in name or "SIOCINQ" in name:
            queued = self._asked.pop(key, [])
            if len(queued) == 2:
                endpoint.queues.append((call.order, queued[0], queued[1], answer))
            elif not queued:
                endpoint.queues.append((call.order, None, None, answer))

    def _getsockopt(self, call):
        if not (endpoint := self._of(call)):
            return
        if call.arguments[2] == "TCP_INFO":
            bytes_, _ = strace.data(call.arguments[3])
            answer = None
            if not call.error and len(bytes_) >= 160:
                answer = {
                    field: int.from_bytes(bytes_[at : at + 4], "little") for field, at in TCP_INFO_FIELDS.items()
                }
            endpoint.infos.append((call.order, answer))
        elif call.arguments[2] == "SO_MEMINFO":
            bytes_, _ = strace.data(call.arguments[3])
            answer = None if call.error else int.from_bytes(bytes_[32:36], "little")
            endpoint.dropped.append((call.order, answer))

    def _setsockopt(self, call):
        # A socket of the wire comes from another process: it is known from the first call on it.
        socket = self._descriptors.setdefault(strace.number(call.arguments[0]), Socket())
        option = call.arguments[2]
        if option == "SO_PEEK_OFF":
            if endpoint := self._of(call):
                endpoint.is_datagram = True
        elif not option.startswith("SO_TIMESTAMPING"):
            socket.options.append((option, option_value(call), call.error))

    def _fcntl(self, call):
        socket = self._descriptors.get(strace.number(call.arguments[0]))
        if socket and call.arguments[1] == "F_SETPIPE_SZ":
            socket.options.append(("F_SETPIPE_SZ", call.result, call.error))

    def _shutdown(self, call):
        if endpoint := self._of(call):
            endpoint.shutdowns.append(call)

    def _close(self, call):
        descriptor = strace.number(call.arguments[0])
        if endpoint := self._owners.pop(descriptor, None):
            endpoint.closed = True
        self._descriptors.pop(descriptor, None)


def option_value(call):
    argument = call.arguments[3]
    if linger := re.search(r"l_onoff=(\d+), l_linger=(\d+)", argument) or re.search(r"onoff=(\d+), linger=(\d+)", argument):
        return int(linger[2])
    return strace.number(argument)
