// The package `rules` holds these: its functions remember answers about characters too.
export * from '@tablecast/rules/frozen'
