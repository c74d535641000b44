/// Under which short names the logs travel on a connection, beside the control channel (alias 0).
package enum ChannelAlias {
    /// Client to server: the lines of the client's outbox.
    package static let outbox: UInt64 = 1
    /// Server to client: the entries of the room's log.
    package static let room: UInt64 = 1
}
