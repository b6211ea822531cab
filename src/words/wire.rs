//! What is said of packets on the wire, and of what is done to the wire.

use super::Lang;
pub use super::packets;

words! {
    /// A packet by its number.
    number(number: u32) { "#{number}", "{number} 号包" }
    /// A step waits.
    waits_for_held(what: &str) { "waits until the wire holds {what} of its own", "开始等待：线上要扣住它的 {what}" }
    /// A step's wait is over.
    waited_for_held(what: &str, after: &str) { "the wire holds {what} of its own, {after} ms later", "线上扣住了它的 {what}，等了 {after} 毫秒" }
    /// A hang.
    hang_held(who: &str, what: &str) { "{who} waits until the wire holds {what} of its own, and so many have not come", "{who}在等线上扣住它的 {what}，一直没有等到这么多" }
    /// A packet that carries again what was on the wire before, in these packets.
    retransmission(of: &str) { "retransmission of {of}", "重传：{of} 号包里的又发一次" }
    /// Several packets of which the first and the last are named.
    packets_from_to(first: &str, last: &str, count: usize) { "{first} to {last} ({count} packets)", "{first} 到 {last}（共 {count} 个）" }
    /// An acknowledgement that says nothing new.
    duplicate_ack(nth: u32) { "duplicate ACK no. {nth}", "第 {nth} 个重复 ACK" }
    /// An acknowledgement with blocks.
    selective(blocks: &str) { "SACK {blocks}", "SACK {blocks}" }
    /// An acknowledgement with a block of bytes that came twice.
    came_twice(block: &str) { "D-SACK {block}: these came twice", "D-SACK {block}：这些收到了两次" }
    /// No room.
    zero_window() { "zero window: no room at the sender of this packet", "零窗口：发这个包的一方没有空位了" }
    /// More room.
    window_update() { "window update: there is room again", "窗口更新：又有空位了" }
    /// More room than before.
    more_window() { "window update: there is more room", "窗口更新：空位多了" }
    /// The window is used up.
    window_full() { "window full: as much is under way as the other side has said to have room for", "窗口已满：对方说有多少空位，就已经发了多少" }
    /// A probe.
    window_probe() { "window probe: is there room again?", "窗口探测：有空位了吗？" }
    /// A piece of a datagram.
    fragment(from: u64, to: u64) { "fragment, bytes {from} to {to} of its IP payload", "分片，IP 载荷的第 {from} 到第 {to} 字节" }
    /// The last piece of a datagram.
    last_fragment(from: u64, to: u64) { "last fragment, bytes {from} to {to} of its IP payload", "最后一个分片，IP 载荷的第 {from} 到第 {to} 字节" }
    /// Opens the connection.
    opens() { "opens the connection", "建立连接" }
    /// Ends the stream.
    ends() { "FIN: no more bytes from here", "FIN：这一方不再发了" }
    /// Breaks off.
    breaks_off() { "RST: the connection is broken off", "RST：连接当场断掉" }
    /// Fate.
    delayed() { "under way", "在路上" }
    /// Fate.
    duplicated() { "under way, and goes twice", "在路上，会到两次" }
    /// Fate.
    late() { "under way, lets the next one go first", "在路上，让后面的先走" }
    /// Fate.
    held() { "HELD on the wire", "被扣在线上" }
    /// Fate.
    lost_by_chance() { "LOST by chance", "碰巧丢了" }
    /// Fate.
    lost_by_rule() { "LOST, as the scenario wants it", "丢了（场景的安排）" }
    /// A packet reaches the other end.
    arrives(number: u32, what: &str) { "#{number} arrives{what}", "{number} 号包到了{what}" }
    /// A packet reaches the other end once more.
    arrives_again(number: u32, what: &str) { "#{number} arrives once more{what}", "{number} 号包又到了一次{what}" }
    /// An acknowledgement without its data.
    arrives_alone(number: u32) { "the ACK of #{number} arrives alone; its data stays on the wire", "{number} 号包里的 ACK 单独到了，数据还扣在线上" }
    /// A packet is taken off the wire.
    taken_off(number: u32) { "#{number} is taken off the wire: lost", "{number} 号包从线上拿掉了：丢了" }
    /// A packet is not taken.
    refused(number: u32) { "#{number} is not taken by the other end", "{number} 号包，另一头没有收" }
    /// Since it was sent.
    after(after: &str) { ", {after} ms after it was sent", "，发出后 {after} 毫秒" }
    /// Something is done to the wire.
    holds() { "wire: from here on its packets are held", "线：从这里起，它发的包都扣住" }
    /// Something is done to the wire.
    releases(what: &str) { "wire: lets {what} go", "线：放行 {what}" }
    /// Something is done to the wire.
    opens_all(what: &str) { "wire: lets all go that are held ({what}), and holds no more", "线：扣住的全部放行（{what}），不再扣" }
    /// Something is done to the wire.
    reverses(what: &str) { "wire: lets all go that are held ({what}), the last one first", "线：扣住的全部放行（{what}），后来的先走" }
    /// Something is done to the wire.
    drops() { "wire: takes its first held packet off", "线：拿掉扣住的第一个包" }
    /// Something is done to the wire.
    duplicates() { "wire: sends its first held packet on and keeps it too", "线：扣住的第一个包复制一份放行，原来那个还扣着" }
    /// Something is done to the wire.
    swaps() { "wire: lets its first two held packets change places", "线：扣住的前两个包换个先后" }
    /// Something is done to the wire.
    delivers_ack() { "wire: lets only the ACK of a held packet go on", "线：只放行扣住的包里那个 ACK" }
    /// A person does something to the wire.
    by_hand(what: &str) { "{what} (by hand)", "{what}（手动）" }
    /// A step does nothing because a person has taken over.
    left_to_hand() { "wire: what this step would do to its packets is left to the person at the screen", "线：这一步本来要对它的包做的事，交给屏幕前的人来做" }
    /// Something is done to the wire.
    loses_data(nth: u64) { "wire: will lose packet no. {nth} with data from here on", "线：从这里起，第 {nth} 个带数据的包要丢掉" }
    /// Something is done to the wire.
    loses(nth: u64) { "wire: will lose packet no. {nth} from here on", "线：从这里起，第 {nth} 个包要丢掉" }
    /// A finding.
    packets_were(who: &str, what: &str, count: u64) { "on the wire from {who}, {what}: {count}", "线上{who}发的，{what}：{count} 个" }
    /// A finding.
    lasted(millis: &str) { "from the first call to the last thing seen: {millis} ms", "从第一次调用到最后看到结果：{millis} 毫秒" }
    /// What was expected of it.
    at_least_millis(millis: u64) { "at least {millis} ms", "至少 {millis} 毫秒" }
    /// A finding about packets without a wire.
    no_wire() { "this run has no wire, so no packet was seen", "这次没有用线，看不到包" }
    /// A kind of packets.
    kind_any() { "packets", "包" }
    /// A kind of packets.
    kind_syn() { "SYN", "SYN" }
    /// A kind of packets.
    kind_fin() { "FIN", "FIN" }
    /// A kind of packets.
    kind_rst() { "RST", "RST" }
    /// A kind of packets.
    kind_ack() { "ACKs without data", "不带数据的 ACK" }
    /// A kind of packets.
    kind_data() { "packets with data", "带数据的包" }
    /// A kind of packets.
    kind_retransmission() { "retransmissions", "重传" }
    /// A kind of packets.
    kind_duplicate_ack() { "duplicate ACKs", "重复 ACK" }
    /// A kind of packets.
    kind_sack() { "ACKs with SACK blocks", "带 SACK 的 ACK" }
    /// A kind of packets.
    kind_d_sack() { "ACKs that tell of bytes that came twice (D-SACK)", "说明有字节收到两次的 ACK（D-SACK）" }
    /// A kind of packets.
    kind_window_full() { "packets that fill the window", "把窗口发满的包" }
    /// A kind of packets.
    kind_zero_window() { "zero windows", "零窗口" }
    /// A kind of packets.
    kind_window_update() { "window updates", "窗口更新" }
    /// A kind of packets.
    kind_window_probe() { "window probes", "窗口探测" }
    /// A kind of packets.
    kind_fragment() { "fragments", "分片" }
    /// A kind of packets.
    kind_lost() { "lost packets", "丢掉的包" }
    /// A kind of packets.
    kind_held() { "held packets", "被扣住的包" }
    /// Staged: the wire.
    joined(mtu: u32) { "a wire of the lab's own joins two private networks, each with its own TCP/IP stack; packets of at most {mtu} bytes", "两头各是一个私有网络，各有自己的 TCP/IP 协议栈，中间的线由 lab 来传；一个包最多 {mtu} 字节" }
    /// Staged: the delay.
    takes(millis: u64) { "each packet takes {millis} ms from one end to the other", "每个包从这头到那头走 {millis} 毫秒" }
    /// Staged: the rate.
    carries(kbit: &str) { "the wire carries {kbit} kbit/s in each direction", "线上每个方向每秒走 {kbit} 千比特" }
    /// Staged: the delay of a wire that has a rate as well.
    takes_besides(millis: u64) { "each packet takes {millis} ms from one end to the other, besides what the rate costs", "每个包从这头到那头走 {millis} 毫秒，限速花的时间另算" }
    /// Staged: the delay, where packets are held.
    released_at_once() { "a packet that was held arrives as soon as it is let go: it does not take that time", "扣住的包一放行就到，不再走这段时间" }
    /// Staged: how the steps of a run go together with a slow wire.
    steps_wait() { "each step begins when nothing is under way on the wire: what lies between two steps there is the lab's, not TCP's", "线上没有包在走时才做下一步：两步之间因此隔开的时间是 lab 安排的，不是 TCP 造成的" }
    /// Staged: loss.
    loses_percent(percent: u8, seed: u64) { "each packet is lost with a chance of {percent} in 100 (seed {seed})", "每个包有百分之 {percent} 的可能丢掉（种子 {seed}）" }
    /// Staged: duplicates.
    doubles_percent(percent: u8, seed: u64) { "each packet comes twice with a chance of {percent} in 100 (seed {seed})", "每个包有百分之 {percent} 的可能到两次（种子 {seed}）" }
    /// Staged: late packets.
    reorders_percent(percent: u8, seed: u64) { "each packet lets the one behind it go first, for at most 10 ms, with a chance of {percent} in 100 (seed {seed})", "每个包有百分之 {percent} 的可能让后面的先走，最多等 10 毫秒（种子 {seed}）" }
    /// Staged: what chance spares.
    spares_handshake() { "chance spares the handshake", "建立连接的三次握手不受影响" }
    /// Staged: what chance spares.
    spares_held() { "chance spares packets that are held", "扣住的包不受影响" }
    /// Staged: the timers.
    timers(millis: &str) { "the retransmission timeout is at least {millis} ms (rto_min of the route, locked); what SACK or duplicate ACKs show to be lost is sent again sooner", "重传超时（RTO）至少 {millis} 毫秒（路由的 rto_min，锁定）；SACK 或重复 ACK 表明丢了的，不等超时就重发" }
    /// Staged: no tail loss probes.
    tail_probes_off() { "tail loss probes (RFC 8985) are switched off in both networks (net.ipv4.tcp_early_retrans = 0)", "两个网络都不发尾部丢失探测（TLP，RFC 8985；net.ipv4.tcp_early_retrans = 0）" }
    /// Staged: the run fell back.
    fell_back(why: &str) { "THERE IS NO WIRE HERE ({why}), so this run is over loopback and shows no packets", "这里建不起虚拟链路（{why}），所以这次走的是本机回环，看不到包" }
    /// What was measured.
    fact_packets() { "packets on the wire", "线上的包" }
    /// Making a wire.
    stage_start() { "start the helper", "启动辅助进程" }
    /// Making a wire.
    stage_namespace() { "unshare a user and a network namespace", "建用户命名空间和网络命名空间" }
    /// Making a wire.
    stage_network() { "unshare the second network namespace", "建第二个网络命名空间" }
    /// Making a wire.
    stage_open() { "open /dev/net/tun", "打开 /dev/net/tun" }
    /// Making a wire.
    stage_device() { "make a TUN device", "建 TUN 设备" }
    /// Making a wire.
    stage_address() { "give the TUN device its address", "给 TUN 设备配地址" }
    /// Making a wire.
    stage_sockets() { "make the sockets", "建套接字" }
    /// Making a wire.
    stage_hand_over() { "hand the descriptors over", "把描述符交过来" }
    /// Why there is no wire.
    failed(stage: &str, error: &str) { "{stage}: {error}", "没能{stage}：{error}" }
    /// Why there is no wire.
    helper_is_gone(stage: &str) { "the helper ended before it had done this: {stage}", "辅助进程还没做完这一步就结束了：{stage}" }
    /// Why there is no wire.
    no_namespaces() { "this system has no network namespaces", "这个系统没有网络命名空间" }
    /// Beside an arrow that stops.
    arrow_held() { "held", "扣住" }
    /// Beside an arrow that comes twice.
    arrow_twice() { "will come twice", "会到两次" }
    /// Beside an arrow that comes late.
    arrow_late() { "lets the next one go first", "让后面的先走" }
    /// Beside an arrow that never arrives.
    arrow_lost_by_chance() { "lost by chance", "碰巧丢了" }
    /// Beside an arrow that never arrives.
    arrow_lost_by_rule() { "lost: the scenario wants it so", "丢了：场景的安排" }
    /// Beside an arrow that never arrives.
    arrow_taken_off() { "taken off the wire", "从线上拿掉了" }
    /// Beside an arrow that never arrives.
    arrow_refused() { "not taken", "没有收" }
    /// On an arrow of a packet that had arrived before.
    arrow_again() { "once more", "又到一次" }
    /// On an arrow of an acknowledgement without its data.
    arrow_alone(number: u32) { "the ACK of #{number} alone", "只有 {number} 号包里的 ACK" }
    /// Since it was sent.
    arrow_after(after: &str) { "+{after} ms", "+{after} 毫秒" }
    /// Above one connection of several.
    ladder_of(number: usize, of: usize) { "Connection {number} of {of}", "第 {number} 条连接，共 {of} 条" }
    /// There is nothing to draw.
    no_packets() { "this run has no packets to draw: it did not go over a wire", "这次运行没有包可画：它没有走虚拟链路" }
    /// What to do about it.
    no_packets_help() { "Run the scenario with --link wire: then every packet is seen.", "加上 --link wire 再跑一次，每个包就都看得到。" }
    /// No more packets are recorded.
    packets_end() { "from here on packets are carried and not recorded: there are too many", "从这里起，包照传不误，但不再记录：太多了" }
    /// Half of the connection is closed.
    half_closed() { "says that it sends no more (shutdown), and can still read", "声明不再发送（shutdown），但还能读" }
}

/// "#4", "#4 and #5", "#4 to #9 (5 packets)".
#[must_use]
pub fn numbers(lang: Lang, packets: &[u32]) -> String {
    let name = |number: &u32| match lang {
        Lang::En => format!("#{number}"),
        Lang::Zh => number.to_string(),
    };
    match packets {
        [first, .., last] if packets.len() > MOST_NAMED => {
            packets_from_to(lang, &name(first), &name(last), packets.len())
        }
        _ => super::list(lang, &packets.iter().map(name).collect::<Vec<_>>()),
    }
}

/// Most packets that are named one by one.
const MOST_NAMED: usize = 4;

/// A kind of packets, by its name in scenario files.
#[must_use]
pub fn kind(lang: Lang, name: &str) -> String {
    match name {
        "syn" => kind_syn(lang),
        "fin" => kind_fin(lang),
        "rst" => kind_rst(lang),
        "ack" => kind_ack(lang),
        "data" => kind_data(lang),
        "retransmission" => kind_retransmission(lang),
        "duplicate-ack" => kind_duplicate_ack(lang),
        "sack" => kind_sack(lang),
        "d-sack" => kind_d_sack(lang),
        "window-full" => kind_window_full(lang),
        "zero-window" => kind_zero_window(lang),
        "window-update" => kind_window_update(lang),
        "window-probe" => kind_window_probe(lang),
        "fragment" => kind_fragment(lang),
        "lost" => kind_lost(lang),
        "held" => kind_held(lang),
        _ => kind_any(lang),
    }
}
