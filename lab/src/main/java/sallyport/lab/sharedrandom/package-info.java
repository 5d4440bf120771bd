/// One directory authority's part in the shared random protocol: what it commits itself to and reveals,
/// which commitments of others it believes, the value that follows, and the file that keeps all of it.
/// Pure: times and random bytes are given; stands on the documents of `vote`. Called by whoever runs an
/// authority, in this order, for each round of voting:
///
/// 1. `SharedRandomState.prepare(validAfter, interval)`, once the round before is over (and at the
/// start); 2. `SharedRandomState.said()` goes into its own ballot; 3. `VotingRound`, which was given the
/// state, shows it every vote it takes, its own among them; 4.
/// `SharedRandomState.follow(SharedRandom.ofConsensus(document))` once the round is over, with the latest
/// consensus of anybody's making, if there is one.
///
/// Whenever it changed, `SharedRandomFile` turns it into the file `sr-state` of C tor. Obeys srv-spec 3
/// and 4, and where it is silent C tor's shared_random.c.
@NullMarked
package sallyport.lab.sharedrandom;

import org.jspecify.annotations.NullMarked;
