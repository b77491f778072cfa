// The package `text` holds these: the game's rules and the bestiary use them too, and contracts uses those.
export * from '@tablecast/text'
