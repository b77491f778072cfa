// A client of the topics hub, for Node and browsers: publish and subscribe over one WebSocket that reconnects by itself.
export { TopicsClient, type TopicsClientOptions, TopicsError, type ClientStatus } from './client.ts'
export type { Notice, TopicMessage } from './frames.ts'
export { Subscription, type SubscribeOptions } from './subscription.ts'
