// The personas of the arena. They differ in what they say, which topics move them, and how easily others convince them.
import { startOf } from '@tablecast/contracts'

/** The topics of news that can move a persona. */
export type Topic = 'health' | 'technology' | 'state' | 'nature' | 'money' | 'fame' | 'science' | 'everyday'

export type Persona = {
  key: string
  name: string
  /** A few words for a card on the page. */
  portrait: string
  /** How easily the persona believes news, 0 to 1. */
  susceptibility: number
  /** How much it follows the others, 0 to 1. */
  conformity: number
  /** Added to its belief for each topic of the news. */
  soft: Partial<Record<Topic, number>>
  opening: readonly string[]
  believing: readonly string[]
  doubting: readonly string[]
  torn: readonly string[]
  /** `{other}` is the name of an earlier speaker. */
  agreeing: readonly string[]
  opposing: readonly string[]
  verdictTrue: readonly string[]
  verdictFalse: readonly string[]
}

/** `{gist}` is a few words of the news, `{other}` the name of an earlier speaker. */
export const personas: readonly Persona[] = [
  {
    key: 'marcus',
    name: 'Marcus',
    portrait: 'Retired electrician who trusts his multimeter',
    susceptibility: 0.3,
    conformity: 0.15,
    soft: { technology: -0.25, health: 0.1, state: 0.15 },
    opening: [
      'Forty years I pulled cable.',
      'Let me put a meter on this.',
      'First thing I ask: where is the power coming from?',
    ],
    believing: [
      'I have seen stranger wiring than “{gist}”, and it worked.',
      '“{gist}” — the load adds up, I am sorry to say.',
    ],
    doubting: [
      '“{gist}”? Show me the circuit. There is none.',
      'If “{gist}” were so, every breaker in town would have tripped.',
    ],
    torn: ['“{gist}” — half the leads are missing. I will not sign it off, and I will not cut it off.'],
    agreeing: ['{other} reads the same meter as I do.', '{other} has it: test, then talk.'],
    opposing: ['{other} is wiring it hot to neutral.', 'With respect to {other}, that is a loose connection.'],
    verdictTrue: ['I measured twice. It holds.', 'Call it live until someone proves it dead.'],
    verdictFalse: ['Dead circuit. Next job.', 'No voltage, no story.'],
  },
  {
    key: 'nadia',
    name: 'Nadia',
    portrait: 'Epidemiologist who asks for the denominator',
    susceptibility: 0.12,
    conformity: 0.1,
    soft: { health: -0.2, science: -0.15, everyday: 0.05 },
    opening: [
      'Out of how many?',
      'Two questions: what was counted, and who counted?',
      'An anecdote is where a study begins, not where it ends.',
    ],
    believing: [
      'For once “{gist}” comes with a plausible mechanism and a base rate.',
      '“{gist}” fits what the registers show; I would not rule it out.',
    ],
    doubting: [
      '“{gist}” has no comparison group, so it has no meaning.',
      'There is a name for “{gist}”: a confounder.',
      'If “{gist}” were true we would see it in the tables. We do not.',
    ],
    torn: ['“{gist}” could go either way until somebody publishes the denominator.'],
    agreeing: ['{other} asks for the right table.', 'I can reproduce what {other} said.'],
    opposing: [
      '{other} mistakes two things that happened for two things that belong together.',
      'What {other} felt is not a sample.',
    ],
    verdictTrue: ['The evidence is thin, but it points one way.', 'Accepted, with a wide interval.'],
    verdictFalse: ['Rejected. Not even close to significance.', 'No effect left after adjustment.'],
  },
  {
    key: 'otto',
    name: 'Otto',
    portrait: 'Forum regular who has read the other thread',
    susceptibility: 0.78,
    conformity: 0.35,
    soft: { state: 0.2, technology: 0.15, health: 0.1 },
    opening: [
      'Do your own research, people.',
      'Funny how nobody reports this.',
      'I saved the screenshots before they vanished.',
    ],
    believing: [
      '“{gist}” was on the board three years ago and THEY deleted it.',
      'First they laughed at “{gist}”. Now look who is nervous.',
      'Ask yourself who profits when “{gist}” is called a joke.',
    ],
    doubting: [
      '“{gist}” is what they WANT us to chase while the real thing happens.',
      'Even for me “{gist}” smells like bait.',
    ],
    torn: ['“{gist}” is either the leak of the decade or a honeypot.'],
    agreeing: ['{other} gets it. Welcome awake.', '{other} connects the dots.'],
    opposing: ['{other} sounds exactly like a press office.', 'Who pays {other}, one wonders.'],
    verdictTrue: ['True. Archive everything.', 'It is true, and it is only the beginning.'],
    verdictFalse: ['A decoy. I know a decoy.', 'False flag. Moving on.'],
  },
  {
    key: 'ines',
    name: 'Inés',
    portrait: 'Local reporter who rings twice',
    susceptibility: 0.22,
    conformity: 0.2,
    soft: { state: 0.1, fame: -0.15, money: 0.05 },
    opening: ['Who said it, to whom, and on what day?', 'I rang both sides.', 'My editor would send this back.'],
    believing: [
      'I have a second source for “{gist}”, and they have never met.',
      '“{gist}” survives the phone calls; that is rare.',
    ],
    doubting: [
      '“{gist}” has one source, and it quotes itself.',
      'The photograph under “{gist}” is from another town and another year.',
      'Nobody in the place where “{gist}” happened has heard of it.',
    ],
    torn: ['“{gist}” — one confirms, one hangs up. I would hold the page.'],
    agreeing: ['{other} has the story the way my notes have it.', 'That matches what I was told, {other}.'],
    opposing: ['{other} is quoting a headline, not a fact.', 'I would ask {other} for a name and a number.'],
    verdictTrue: ['I would print it, below the fold.', 'Two sources. It runs.'],
    verdictFalse: ['Spiked.', 'It does not run. Correction ready in case anyone did.'],
  },
  {
    key: 'grandpa-joe',
    name: 'Grandpa Joe',
    portrait: 'Forwards everything, with love',
    susceptibility: 0.85,
    conformity: 0.5,
    soft: { health: 0.15, nature: 0.1, everyday: 0.15, money: 0.1 },
    opening: [
      'My neighbour sent me this, and he is no fool.',
      'God bless, I had to share it.',
      'Better safe than sorry, I always say.',
    ],
    believing: [
      'They showed “{gist}” with a real doctor, so there.',
      '“{gist}” — forward to ten people you care about.',
      'In my day “{gist}” would have been on the front page!',
    ],
    doubting: ['Even I find “{gist}” a bit thick.', 'Your grandmother would have laughed at “{gist}”.'],
    torn: ['I do not know about “{gist}”, but why would anyone make it up?'],
    agreeing: ['{other} is a sweet and clever person.', 'You see, {other} says it too.'],
    opposing: ['{other} is young and will learn.', 'No need to be so sour, {other}.'],
    verdictTrue: ['It is true, I feel it in my knee.', 'I have already told the whole family.'],
    verdictFalse: ['I shall not send this one on.', 'All right, all right, it is nonsense.'],
  },
  {
    key: 'priya',
    name: 'Priya',
    portrait: 'Engineer who estimates on napkins',
    susceptibility: 0.2,
    conformity: 0.12,
    soft: { technology: -0.2, science: -0.1, money: 0.1 },
    opening: ['Order of magnitude first.', 'Napkin, please.', 'Let us assume it is true and see what breaks.'],
    believing: [
      'I ran the numbers on “{gist}” and, annoyingly, they close.',
      '“{gist}” needs no new physics, only money.',
    ],
    doubting: [
      '“{gist}” would need a power station per street.',
      'Assume “{gist}”. Then the oceans boil. So: no.',
      '“{gist}” is off by six zeros.',
    ],
    torn: ['“{gist}” is within a factor of ten, which means nothing yet.'],
    agreeing: ['{other} and I get the same exponent.', '{other} found the bottleneck.'],
    opposing: ['{other} dropped a unit somewhere.', 'I would like to see the napkin of {other}.'],
    verdictTrue: ['Feasible. Ship it.', 'The numbers close. I believe them more than I like them.'],
    verdictFalse: ['Does not scale, did not happen.', 'Violates the budget and the second law.'],
  },
  {
    key: 'luna',
    name: 'Luna',
    portrait: 'Wellness streamer with a discount code',
    susceptibility: 0.7,
    conformity: 0.45,
    soft: { health: 0.2, nature: 0.15, fame: 0.15, science: -0.1 },
    opening: [
      'Okay so, deep breath, everyone.',
      'My chat is going wild about this.',
      'I am just asking what the energy is here.',
    ],
    believing: [
      '“{gist}” resonates, and my followers feel it in their bodies.',
      'I did a whole stream on “{gist}” and the comments? Chills.',
      'They would never let “{gist}” be about feeling WELL.',
    ],
    doubting: ['“{gist}” is giving… sponsored?', 'Not my truth. “{gist}” is low vibration.'],
    torn: ['I am holding space for “{gist}” without labelling it.'],
    agreeing: ['{other}, yes, THAT. Clip it.', '{other} said it better than my notes.'],
    opposing: ['{other} is so in their head right now.', 'Sending love to {other}, but no.'],
    verdictTrue: ['It is true for so many of us.', 'Believing it. Link below.'],
    verdictFalse: ['Unfollowing this one.', 'I release it. It is not real.'],
  },
  {
    key: 'sister-agnes',
    name: 'Sister Agnes',
    portrait: 'Archivist of a convent, four centuries of hoaxes at hand',
    susceptibility: 0.25,
    conformity: 0.25,
    soft: { nature: 0.05, science: 0.05, fame: -0.2, state: -0.05 },
    opening: [
      'We have this one on vellum.',
      'Patience; the ink is not dry.',
      'In 1631 they said the same of the bakers.',
    ],
    believing: [
      'Now and then the chronicle is right, and “{gist}” has the ring of it.',
      '“{gist}” is too dull to be invented.',
    ],
    doubting: [
      '“{gist}” returns every forty years, like the comet, only less bright.',
      'I can show you “{gist}” in three hands, all forged.',
    ],
    torn: ['“{gist}” — I would let it lie a winter before I bound it.'],
    agreeing: ['{other} speaks as the old hands wrote.', 'There is a marginal note that agrees with {other}.'],
    opposing: ['{other} reads with a candle at the wrong end.', 'I shall pray for the footnotes of {other}.'],
    verdictTrue: ['I shall enter it in the book, in pencil.', 'Let it stand.'],
    verdictFalse: ['To the drawer of wonders with it.', 'Apocryphal.'],
  },
]

const words: Record<Topic, RegExp> = {
  health: /\b(vaccin|covid|virus|cure|cancer|doctor|pill|health|hospital|diet|toxin|immun|medic)/i,
  technology: /\b(5g|phone|chip|\bai\b|robot|app|tower|internet|drone|computer|satellite|microwave)/i,
  state: /\b(government|president|minister|police|secret|army|agency|election|border|cover.?up|elite)/i,
  nature: /\b(bird|climate|earth|moon|ocean|animal|bee|weather|whale|tree|flat|planet)/i,
  money: /\b(bank|money|dollar|euro|crypto|bitcoin|tax|price|market|gold|invest)/i,
  fame: /\b(celebrit|actor|singer|star|royal|queen|king|influencer|elvis|band)/i,
  science: /\b(scientist|study|researcher|university|physic|quantum|nasa|laborator|professor|experiment)/i,
  everyday: /\b(food|coffee|water|milk|school|neighbour|neighbor|child|car|house|dog|cat|sleep)/i,
}

export const topicsOf = (news: string): Topic[] =>
  (Object.entries(words) as [Topic, RegExp][]).flatMap(([topic, pattern]) => (pattern.test(news) ? [topic] : []))

/** How pushy the wording is, by certainty, capitals and alarm: 0 to 0.2. */
export function pressure(news: string): number {
  const signs = [/!/, /\b[A-Z]{4,}\b/, /100 ?%|proven|confirmed|experts say/i, /share|forward|before .* deleted/i]
  return signs.filter((sign) => sign.test(news)).length * 0.05
}

/** The first words of the news, as a short quotation. */
export function gistOf(news: string): string {
  const plain = news
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/["“”«»]/g, '')
    .trim()
  const words = plain.split(' ').slice(0, 7).join(' ')
  const gist = startOf(words, 60).replace(/[.,;:!?]+$/, '')
  return gist.length < plain.replace(/[.,;:!?]+$/, '').length ? `${gist} …` : gist
}
