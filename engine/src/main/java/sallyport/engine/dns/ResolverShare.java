package sallyport.engine.dns;

/// One circuit's way to the resolver of its instance, and the questions it has under way there. Runs on the resolver's
/// loop.
///
/// Nobody may have more questions under way than are left for everybody else: one circuit alone takes at most half of
/// all there are, `n` greedy ones at most `n/(n+1)`, and a newcomer finds as much room as each of them has. A question
/// counts for who asked it first, until it is over, whether or not somebody still waits.
public final class ResolverShare {
    private final Resolver resolver;
    private int questions;

    ResolverShare(Resolver resolver) {
        this.resolver = resolver;
    }

    /// Looks up the addresses of a name, in any case of letters; reverse names fail. `done` may be called before this
    /// returns.
    public Lookup addresses(String host, Lookup.Done done) {
        return resolver.resolve(this, host, false, done);
    }

    /// As [#addresses], and for a name below `in-addr.arpa` or `ip6.arpa` the name of that address.
    public Lookup addressesOrName(String host, Lookup.Done done) {
        return resolver.resolve(this, host, true, done);
    }

    /// Questions of this circuit under way now.
    int questions() {
        return questions;
    }

    void asked() {
        questions++;
    }

    void over(int count) {
        questions -= count;
    }
}
