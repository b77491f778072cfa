/** Stands in a player's view for the turn of a hidden character. */
export const DM_TURN = '~dm'
