/** Waits and bounds of the hub that no user needs to turn; units in the names. */
export const LIMITS = {
  /** Protocol 2.8: how long a first connection has to prove that it lives. */
  duplicateProofMs: 2_000,
  /** How long an admitted client may take from its handshake to its first packet. */
  admissionMs: 5_000,
  /** Protocol 3.9: how long the hub holds its tongue on a new plain connection. */
  holdFirstFrameMs: 250,
  /** How long a TCP peer that needs a token has to say it. */
  tcpHelloMs: 5_000,
  /** Protocol 6.4: when an unanswered `set` is given up and the next one goes out. */
  setGiveUpMs: 1_000,
  /** Those who may wait for what becomes of one property of a device. */
  setAskers: 256,
  /** How long a late answer to a `set` is still understood. */
  lateAnswerMs: 10_000,
  /** Protocol 7.2: how long REST waits before it answers 202. */
  restSetMs: 2_000,
  actionMs: 5_000,
  /** Actions that may wait for one device. */
  queuedActions: 32,
  /** Entries of a device's audit, characters of a value in it, and the time in which sets of one hand are one entry. */
  auditEntries: 200,
  auditValue: 200,
  auditMergeMs: 2_000,
  /** Protocol 1.3: largest frame to a plain device that named no other. */
  plainFrameBytes: 4_096,
  /** The least that a `hello` can state as its largest frame. */
  leastFrameBytes: 256,
  /** How long a TCP peer that said its last is still answered. */
  halfOpenMs: 500,
  /** Protocol 3.4: how long a text that comes back counts as an echo. */
  echoMs: 1_000,
  echoTexts: 32,
  /** Of all texts that are remembered for that, together; beyond it the oldest are forgotten. */
  echoCharacters: 16_777_216,
  /** Questions of a plain client that may wait for an answer. */
  openQuestions: 256,
  strikeWindowMs: 60_000,
  /** Devices that the hub dials. */
  dials: 64,
  /** Largest line to a dialled device that named no other: with its end what such a device reads at once. */
  dialFrameBytes: 1_023,
  dialConnectMs: 5_000,
  dialRetryFirstMs: 1_000,
  dialRetryMaxMs: 30_000,
  /** A dialled connection that lasted so long starts the waits anew. */
  dialSteadyMs: 10_000,
  /** A stream is told in pieces of so much time; meanwhile no more than so many bytes of it are read. */
  streamFlushMs: 50,
  streamFlushBytes: 65_536,
  /** Characters of a stream that newcomers see. */
  streamScrollback: 65_536,
  /** To devices a stream goes in frames of so many bytes, at least so far apart; when more wait, the oldest are dropped. */
  streamPieceBytes: 1_000,
  streamPieceMs: 10,
  streamPieces: 64,
  /** New connections from one address: a class that returns at once after a restart is no attack. */
  connectionRate: { perSecond: 200, burst: 2_000 },
  /** HTTP requests from one address. */
  requestRate: { perSecond: 200, burst: 1_000 },
  /** Frames of one plain connection that are taken in one turn of the event loop. */
  framesATurn: 32,
  /** Connections that are written to in one turn: about a millisecond. */
  boxesATurn: 200,
  /** What a device that speaks too fast may have waiting for an answer. */
  framesWaiting: 16,
  /** Frames of one device at once, in so many seconds of its rate: 2,000 unless the rate is another. */
  frameBurstSeconds: 10 / 3,
  /** Bytes of one device at once, in so many seconds of its rate. */
  byteBurstSeconds: 4,
  /** How often a device is told that something of it was dropped. */
  tellDroppedMs: 1_000,
  /** One that speaks too fast for so long, without so long a pause, is sent away. */
  stubbornMs: 15_000,
  stubbornPauseMs: 1_000,
  propertiesPerDevice: 64,
  roomsPerDevice: 16,
  beatsShown: 40,
  saidLines: 500,
  /** A page is told at most once in this time, but for a burst of so many updates. */
  pageUpdateMs: 5,
  pageBurst: 8,
  /** How long a page may wait for what is soon known better: that a device was asked, when it answers at once. */
  pagePassingMs: 8,
  /** Updates a page may leave unacknowledged before it gets no more. */
  pageUnacknowledged: 3,
  pageAckMs: 15_000,
  /** Live plots are told at the end of such a turn: 20 times a second. */
  plotTurnMs: 50,
  /** Of each stretch of so much time a live plot is told the lowest and the highest sample. */
  plotWidthMs: 12.5,
  /** Samples of a series gathered in one turn, and those that may wait for a page; beyond it only extremes are kept. */
  plotTurnSamples: 8_192,
  plotPending: 1_000,
  /** How far the clock of a device may be ahead for its samples to come with the past of a plot. */
  plotAheadMs: 60_000,
  restBodyBytes: 65_536,
  /** Commits of the device store are at least this far apart; the first after a pause is made at once (protocol 6.3: within 100 ms). */
  storeGroupMs: 50,
  /** How long what nobody waits for may stay in memory: a crash loses at most a second, with room for a busy moment. */
  storeLazyMs: 800,
  /** How long a starting hub waits for the one before it to let go of the file. */
  storeBusyMs: 1_000,
  /** How often the hub writes down that it lives. */
  hubAliveMs: 5_000,
  /** How old an uptime may be that is shown, besides that each change of presence makes it new. */
  uptimeMs: 10_000,
  storeRetryFirstMs: 500,
  storeRetryMaxMs: 10_000,
  /** Bytes the write-ahead log keeps on the disk after a large batch. */
  storeLogBytes: 4_194_304,
  presenceRowsPerDevice: 200,
  auditRowsPerDevice: 100,
  /** Times in which the hub was down: uptime looks back one week. */
  hubDownRows: 100,
  hubDownKeptMs: 604_800_000,
  /** From the first `bye` to the end of the last connection. */
  stopMs: 2_000,
  closeMs: 1_000,
  /** Clients of `/echo` at once; each may hold a message and what its peer has not read. */
  echoConnections: 1_000,
  /** How long after its last word a course page is still the hand that drags (protocol 2.7). */
  courseHandMs: 1_000,
  /** Packets that may wait for a course page; beyond it only the newest level does. */
  courseBacklog: 32,
} as const;
