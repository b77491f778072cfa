// What a node tells at `/metrics`: the table in docs/operations.md is made of this, and alerts and charts may ask for nothing else.
export type Metric = { name: string; type: 'gauge' | 'counter' | 'histogram'; labels: readonly string[]; help: string }

const gauge = (name: string, help: string, ...labels: string[]): Metric => ({ name, type: 'gauge', labels, help })
const counter = (name: string, help: string, ...labels: string[]): Metric => ({ name, type: 'counter', labels, help })
const histogram = (name: string, help: string, ...labels: string[]): Metric => ({
  name,
  type: 'histogram',
  labels,
  help,
})

export const metrics: readonly Metric[] = [
  gauge('tablecast_ready', 'Whether this node takes clients'),
  gauge('tablecast_connections', 'Open connections', 'transport'),
  gauge('tablecast_subscribers', 'Subscriptions of clients', 'stage', 'transport'),
  gauge('tablecast_cursor_lag_events', 'Events that the slowest subscriber has still to get', 'stage'),
  gauge('tablecast_cursors_behind', 'Subscribers that have not got everything', 'stage'),
  gauge('tablecast_channels', 'Open channels', 'stage'),
  gauge('tablecast_rooms_followed', 'Rooms that somebody follows here'),
  gauge('tablecast_bus_connected', 'Whether the bus can be reached', 'bus'),
  gauge('tablecast_redis_connected', 'Whether the channels of the market can be reached'),
  gauge('tablecast_database_up', 'Whether the database answers', 'database'),
  counter('tablecast_events_total', 'Events that came to a channel of this node', 'stage'),
  counter('tablecast_deliveries_total', 'Events and snapshots written to a client', 'stage', 'transport'),
  counter('tablecast_sent_bytes_total', 'Bytes of these, with their WebSocket frames', 'stage', 'transport'),
  counter('tablecast_dropped_events_total', 'Events left out for a slow subscriber', 'stage'),
  counter('tablecast_snapshots_total', 'Snapshots that a subscriber got in place of events', 'stage'),
  counter('tablecast_replayed_events_total', 'Events read again for a subscriber, from memory or the log', 'stage'),
  counter('tablecast_reconnects_total', 'Subscriptions that came with a place to go on from', 'stage'),
  counter('tablecast_disconnects_total', 'Sockets that closed', 'reason'),
  counter('tablecast_refused_upgrades_total', 'Connections that were refused before they became sockets', 'reason'),
  counter('tablecast_errors_total', 'Errors that a client was told of', 'code'),
  counter('tablecast_bus_messages_total', 'Messages of the bus between the nodes', 'direction'),
  counter('tablecast_bus_reconnects_total', 'Times that the bus came back'),
  histogram('tablecast_fan_out_seconds', 'One flush of a channel over its subscribers', 'stage'),
  histogram('tablecast_delivery_seconds', 'From commit, or arrival, to the write into the sockets', 'stage'),
  histogram('tablecast_call_seconds', 'Calls of procedures and REST requests', 'type'),
  histogram('tablecast_transaction_seconds', 'Transactions of the database, with waiting for it', 'kind'),
  // Of Node itself, those that alerts and charts use.
  counter('process_cpu_seconds_total', 'CPU time, of the system and of the server'),
  gauge('process_resident_memory_bytes', 'Memory in use'),
  gauge('process_open_fds', 'Open files, sockets among them'),
  gauge('process_max_fds', 'How many there may be'),
  gauge('nodejs_eventloop_lag_p99_seconds', 'How late the event loop runs, at its worst hundredth'),
  gauge('nodejs_heap_size_used_bytes', 'Memory of JavaScript objects'),
  histogram('nodejs_gc_duration_seconds', 'Garbage collections', 'kind'),
]
