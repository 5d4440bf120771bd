package sallyport.lab.dirauth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import sallyport.engine.bytes.Hex;
import sallyport.engine.dircache.CertificateRoute;
import sallyport.engine.dircache.DescriptorRoute;
import sallyport.engine.dircache.Documents;
import sallyport.engine.dircache.MicrodescriptorRoute;
import sallyport.engine.dircache.Resources;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.world.World;
import sallyport.lab.authority.Answer;
import sallyport.lab.authority.VotingRound.Way;
import sallyport.lab.vote.Vote;

/// What an authority answers beyond what its relay's directory cache does (dir-spec 4 and 6), with C
/// tor's statuses and words. Each request is handled in a task of its own: the desk's lock may have to be
/// awaited.
final class AuthorityRoutes {
    /// As C tor (MAX_DIR_UL_SIZE).
    private static final int UPLOAD_BYTES_MAX = 16 << 20;

    private static final String CURRENT = "/tor/status-vote/current/";
    private static final String NEXT = "/tor/status-vote/next/";
    private static final String BY_DIGEST = "d/";
    // As C tor's handle_get_status_vote.
    private static final int VOTE_CACHE_SECONDS = 60;
    private static final List<String> NOT_NEW = List.of("X-Descriptor-Not-New: Yes");

    private final World world;
    private final AuthorityDesk desk;
    private final String own;

    private AuthorityRoutes(World world, AuthorityDesk desk, String own) {
        this.world = world;
        this.desk = desk;
        this.own = own;
    }

    /// @param own the fingerprint of the relay that the authority is, in upper-case hex
    static DirRoutes of(World world, AuthorityDesk desk, String own) {
        return new AuthorityRoutes(world, desk, own).routes();
    }

    private DirRoutes routes() {
        return new DirRoutes()
                .authoritative(UPLOAD_BYTES_MAX)
                .post("/tor/", inTask(this::takeDescriptors))
                .post("/tor/post/vote", inTask(this::takeVote))
                .post("/tor/post/consensus-signature", inTask(this::takeSignatures))
                .getBelow(DescriptorRoute.SERVER, inTask(new DescriptorRoute(new RosterDescriptors(desk, own, false))))
                .getBelow(DescriptorRoute.EXTRA, inTask(new DescriptorRoute(new RosterDescriptors(desk, own, true))))
                .getBelow(
                        MicrodescriptorRoute.PATH,
                        inTask(new MicrodescriptorRoute(digest ->
                                desk.microdescriptor(Hex.upper(digest)).orElse(null))))
                .getBelow(
                        CertificateRoute.PATH, inTask(new CertificateRoute(desk::certificates, desk::ownCertificates)))
                .getBelow(CURRENT, inTask(statusVotes(CURRENT, this::current)))
                .getBelow(NEXT, inTask(statusVotes(NEXT, this::next)));
    }

    private DirRoute inTask(DirRoute route) {
        return (request, reply) -> {
            var _ = world.tasks().start("directory request", () -> {
                try {
                    route.handle(request, reply);
                } catch (RuntimeException e) {
                    reply.accept(DirAnswer.BUSY);
                    throw e;
                }
            });
        };
    }

    private void takeDescriptors(DirRequest request, Consumer<DirAnswer> reply) {
        Answer answer = desk.takeDescriptors(request.body(), world.clock().instant());
        reply.accept(new DirAnswer.Status(
                answer.status(), answer.message(), answer.isDescriptorNotNew() ? NOT_NEW : List.of()));
    }

    private void takeVote(DirRequest request, Consumer<DirAnswer> reply) {
        Answer answer = desk.takeVote(request.body(), Way.POSTED, world.clock().instant());
        boolean isTaken = answer.status() < 300;
        if (!isTaken) {
            world.log().warn("", "a vote is refused: " + answer.message());
        }
        reply.accept(new DirAnswer.Status(answer.status(), isTaken ? "Vote stored" : answer.message()));
    }

    private void takeSignatures(DirRequest request, Consumer<DirAnswer> reply) {
        Answer answer = desk.takeSignatures(request.body());
        if (answer.status() != 200) {
            world.log().warn("", "signatures are refused: " + answer.message());
        }
        reply.accept(new DirAnswer.Status(answer.status(), answer.message()));
    }

    private static DirRoute statusVotes(String prefix, Function<String, List<byte[]>> find) {
        return (request, reply) -> {
            List<byte[]> found = find.apply(request.path().substring(prefix.length()));
            reply.accept(
                    found.isEmpty()
                            ? DirAnswer.NOT_FOUND
                            : Documents.measured(found, request.accepted(), VOTE_CACHE_SECONDS));
        };
    }

    private List<byte[]> current(String what) {
        return what.equals("authority") ? listed(desk.voteOf(desk.identity(), true)) : votes(what, true);
    }

    private List<byte[]> next(String what) {
        return switch (what) {
            case "consensus" -> desk.pending(Flavor.NS).stream().toList();
            case "consensus-signatures" -> desk.signatures().stream().toList();
            case "authority" -> listed(desk.voteOf(desk.identity(), false));
            default -> votes(what, false);
        };
    }

    private List<byte[]> votes(String what, boolean before) {
        List<byte[]> found = new ArrayList<>();
        boolean byDigest = what.startsWith(BY_DIGEST);
        for (byte[] digest : Resources.sha1s(byDigest ? what.substring(BY_DIGEST.length()) : what)) {
            String hex = Hex.upper(digest);
            found.addAll(listed(byDigest ? desk.vote(hex) : desk.voteOf(hex, before)));
        }
        return found;
    }

    private static List<byte[]> listed(Optional<Vote> vote) {
        return vote.map(Vote::text).stream().toList();
    }
}
