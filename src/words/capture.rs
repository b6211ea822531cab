//! What a pcapng file says beside its packets.

words! {
    /// Of the whole file.
    section(id: &str, title: &str) { "scenario {id}: {title}", "场景 {id}：{title}" }
    /// One of its interfaces.
    interface(who: &str, address: &str) { "the network of {who}, address {address}", "{who}这一头的网络，地址 {address}" }
    /// A packet without bytes of a program.
    empty(number: u32, who: &str) { "#{number} from {who}", "{number} 号包，{who}发的" }
    /// A packet whose bytes belong to no message that is known.
    bytes(number: u32, who: &str, size: &str) { "#{number} from {who}: {size}", "{number} 号包，{who}发的：{size}" }
    /// A packet that carries these messages, or parts of them.
    carries(number: u32, who: &str, names: &str, size: &str, start: u64) { "#{number} from {who}: {names}, {size} from byte {start} of the flow of {who} on", "{number} 号包，{who}发的：{names}，从它发的第 {start} 字节数起 {size}" }
    /// Fate.
    delayed() { "under way for a while", "要走一阵子" }
    /// Fate.
    duplicated() { "goes twice", "会到两次" }
    /// Fate.
    late() { "lets the packet behind it go first", "让后面那个包先走" }
    /// Fate.
    held() { "held on the wire", "扣在线上" }
    /// Fate.
    lost_by_chance() { "lost by chance", "碰巧丢了" }
    /// Fate.
    lost_by_rule() { "lost, as the scenario wants it", "丢了（场景的安排）" }
    /// When it arrived.
    arrived(after: &str) { "arrived {after} ms after it was sent", "发出后 {after} 毫秒到了" }
    /// When it arrived the second time.
    arrived_again(after: &str) { "arrived once more, {after} ms after it was sent", "发出后 {after} 毫秒又到了一次" }
    /// When its acknowledgement did.
    arrived_alone(after: &str) { "its ACK alone arrived {after} ms after it was sent, without the data", "发出后 {after} 毫秒，只有里面的 ACK 到了，数据没有到" }
    /// It never arrives.
    taken_off(after: &str) { "taken off the wire {after} ms after it was sent: lost", "发出后 {after} 毫秒从线上拿掉了：丢了" }
    /// It never arrives.
    refused() { "the other end did not take it", "另一头没有收" }
    /// It had no time to.
    still_there() { "still on the wire when the run ended", "运行结束时还在线上" }
    /// The file and the saved run would be one.
    same_file(file: &str) { "{file}: --save and --pcapng need a file each", "{file}：--save 和 --pcapng 要各用一个文件" }
    /// There are no packets to write.
    without_wire(id: &str) { "--pcapng writes the packets on a wire, and {id} runs over loopback here", "--pcapng 存的是线上的包，可 {id} 这次走的是本机回环，没有线" }
    /// What to do about it.
    add_wire() { "put one between the endpoints: --link wire", "加上 --link wire，就在两个端点之间拉一根线" }
    /// A file that must not be written over.
    would_overwrite(file: &str) { "{file}: is there already and is no pcapng file; --pcapng does not write over it", "{file}：已经存在，而且不是 pcapng 文件；--pcapng 不会覆盖它" }
    /// There is nowhere to keep them while the run goes on.
    no_room(error: &str) { "there is no temporary file for the packets: {error}", "没有地方临时放这些包：{error}" }
}
