package sallyport.lab.vote;

import org.jspecify.annotations.Nullable;

/// The bandwidth of the network by what relays are good for, and the `bandwidth-weights` that follow
/// (dir-spec 3.8.3). All sums begin at one, so that nothing divides by zero.
final class BandwidthWeights {
    // As C tor: sums of weights may be off by so much, from rounding.
    private static final long MARGIN = 10;

    private long guards = 1;
    private long middles = 1;
    private long exits = 1;
    private long both = 1;
    private long total = 4;

    /// What becomes of the bandwidth of a position (second letter) in another (first): in parts of the
    /// scale.
    private record Weights(long wgg, long wgd, long wmg, long wme, long wmd, long wee, long wed) {
        String line(long scale) {
            return "bandwidth-weights Wbd=" + wmd + " Wbe=" + wme + " Wbg=" + wmg + " Wbm=" + scale + " Wdb=" + scale
                    + " Web=" + scale + " Wed=" + wed + " Wee=" + wee + " Weg=" + wed + " Wem=" + wee
                    + " Wgb=" + scale + " Wgd=" + wgd + " Wgg=" + wgg + " Wgm=" + wgg
                    + " Wmb=" + scale + " Wmd=" + wmd + " Wme=" + wme + " Wmg=" + wmg + " Wmm=" + scale;
        }
    }

    private enum Verdict {
        BALANCED,
        /// All is well but for the middle's share.
        MIDDLE_ODD,
        WRONG
    }

    /// Counts a relay.
    ///
    /// @param guardFraction percent of its bandwidth that counts as a guard's; null for all of it
    void add(int kilobytes, boolean exit, boolean guard, @Nullable Integer guardFraction) {
        int first = kilobytes;
        int rest = 0;
        if (guardFraction != null) {
            first = (int) Math.round(guardFraction / 100.0 * kilobytes);
            rest = kilobytes - first;
        }
        // As C tor: what is not a guard's is missing in the total.
        total += first;
        if (exit && guard) {
            both += first;
            exits += rest;
        } else if (exit) {
            exits += first;
        } else if (guard) {
            guards += first;
            middles += rest;
        } else {
            middles += first;
        }
    }

    /// The line without its end; null where no weights balance, as C tor leaves it out then.
    @Nullable
    String line(long scale) {
        if (guards <= 0 || middles <= 0 || exits <= 0 || both <= 0) {
            return null;
        }
        Weights weights = weights(scale);
        return weights == null ? null : weights.line(scale);
    }

    private @Nullable Weights weights(long scale) {
        boolean exitsScarce = 3 * exits < total;
        boolean guardsScarce = 3 * guards < total;
        if (!exitsScarce && !guardsScarce) {
            long wee = scale * (exits + guards + middles) / (3 * exits);
            long wmg = scale * (2 * guards - exits - middles) / (3 * guards);
            long third = scale / 3;
            return balanced(new Weights(scale - wmg, third, wmg, scale - wee, third, wee, third), scale);
        }
        return exitsScarce && guardsScarce ? bothScarce(scale) : oneScarce(scale);
    }

    private @Nullable Weights bothScarce(long scale) {
        if (Math.min(exits, guards) + both < Math.max(exits, guards)) {
            return exits < guards
                    ? new Weights(scale, 0, 0, 0, 0, scale, scale)
                    : new Weights(scale, scale, 0, 0, 0, scale, 0);
        }
        long wed = scale * (both - 2 * exits + 4 * guards - 2 * middles) / (3 * both);
        long half = (scale - wed) / 2;
        Weights first = new Weights(
                scale,
                half,
                0,
                scale * (guards - middles) / exits,
                half,
                scale * (exits - guards + middles) / exits,
                wed);
        if (verdict(first, scale) == Verdict.BALANCED) {
            return first;
        }
        wed = scale * (both - 2 * exits + guards + middles) / (3 * both);
        // Negative where the middle has more than a third of everything.
        long wmd = Math.max(0, scale * (both - 2 * middles + guards + exits) / (3 * both));
        Weights second = new Weights(scale, scale - wed - wmd, 0, 0, wmd, scale, wed);
        return verdict(second, scale) == Verdict.WRONG ? null : second;
    }

    private @Nullable Weights oneScarce(long scale) {
        boolean guardsScarcer = guards < exits;
        if (3 * (Math.min(exits, guards) + both) < total) {
            if (guardsScarcer) {
                long wme = exits < middles ? 0 : scale * (exits - middles) / (2 * exits);
                return new Weights(scale, scale, 0, wme, 0, scale - wme, 0);
            }
            long wmg = guards < middles ? 0 : scale * (guards - middles) / (2 * guards);
            return new Weights(scale - wmg, 0, wmg, 0, 0, scale, scale);
        }
        if (guardsScarcer) {
            long wgd = scale * (both - 2 * guards + exits + middles) / (3 * both);
            long wee = scale * (exits + middles) / (2 * exits);
            long half = (scale - wgd) / 2;
            return balanced(new Weights(scale, wgd, 0, scale - wee, half, wee, half), scale);
        }
        long wed = scale * (both - 2 * exits + guards + middles) / (3 * both);
        long wgg = scale * (guards + middles) / (2 * guards);
        long half = (scale - wed) / 2;
        return balanced(new Weights(wgg, half, scale - wgg, 0, half, scale, wed), scale);
    }

    private @Nullable Weights balanced(Weights weights, long scale) {
        return verdict(weights, scale) == Verdict.BALANCED ? weights : null;
    }

    private Verdict verdict(Weights w, long scale) {
        if (!near(w.wed + w.wmd + w.wgd, scale, MARGIN)
                || !near(w.wmg + w.wgg, scale, MARGIN)
                || !near(w.wme + w.wee, scale, MARGIN)) {
            return Verdict.WRONG;
        }
        for (long weight : new long[] {w.wgg, w.wgd, w.wmg, w.wme, w.wmd, w.wed, w.wee}) {
            if (weight < 0 || weight > scale) {
                return Verdict.WRONG;
            }
        }
        long margin = MARGIN * total / 3;
        long guarding = w.wgg * guards + w.wgd * both;
        if (!near(guarding, w.wee * exits + w.wed * both, margin)) {
            return Verdict.WRONG;
        }
        long inTheMiddle = middles * scale + w.wmd * both + w.wme * exits + w.wmg * guards;
        return near(guarding, inTheMiddle, margin) ? Verdict.BALANCED : Verdict.MIDDLE_ODD;
    }

    private static boolean near(long a, long b, long margin) {
        return Math.abs(a - b) <= margin;
    }
}
