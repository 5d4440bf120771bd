package sallyport.engine.dirserver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Which handler answers which path; the first that fits. Filled before the first request.
public final class DirRoutes {
    /// Ours: onion-service descriptors have at most 50,000 bytes, and relays take nothing else; C tor
    /// gathers 16 MiB.
    public static final int BODY_BYTES_MAX = 128 * 1024;

    private static final DirAnswer NO_UPLOADS =
            new DirAnswer.Status(400, "Nonauthoritative directory does not accept posted server descriptors");

    private record Route(DirRequest.Method method, String path, boolean isPrefix, DirRoute handler) {
        boolean fits(DirRequest request) {
            return request.method() == method
                    && (isPrefix
                            ? request.path().startsWith(path)
                            : request.path().equals(path));
        }
    }

    private final List<Route> routes = new ArrayList<>();
    private int bodyBytesMax = BODY_BYTES_MAX;
    private DirAnswer strangeUpload = NO_UPLOADS;

    /// What is answered to a GET of exactly that path.
    public DirRoutes get(String path, DirRoute handler) {
        routes.add(new Route(DirRequest.Method.GET, path, false, handler));
        return this;
    }

    /// What is answered to a GET of a path that begins so.
    public DirRoutes getBelow(String prefix, DirRoute handler) {
        routes.add(new Route(DirRequest.Method.GET, prefix, true, handler));
        return this;
    }

    /// What is answered to a POST to a path that begins so.
    public DirRoutes postBelow(String prefix, DirRoute handler) {
        routes.add(new Route(DirRequest.Method.POST, prefix, true, handler));
        return this;
    }

    /// What is answered to a POST to exactly that path.
    public DirRoutes post(String path, DirRoute handler) {
        routes.add(new Route(DirRequest.Method.POST, path, false, handler));
        return this;
    }

    /// Takes longer bodies, and what is posted elsewhere is not found: those of a directory authority.
    public DirRoutes authoritative(int longestBodyBytes) {
        bodyBytesMax = longestBodyBytes;
        strangeUpload = DirAnswer.NOT_FOUND;
        return this;
    }

    /// Adds those of another one, with its limit and its answer to strange uploads.
    public DirRoutes with(DirRoutes more) {
        routes.addAll(more.routes);
        bodyBytesMax = more.bodyBytesMax;
        strangeUpload = more.strangeUpload;
        return this;
    }

    int bodyBytesMax() {
        return bodyBytesMax;
    }

    void handle(DirRequest request, Consumer<DirAnswer> reply) {
        for (Route route : routes) {
            if (route.fits(request)) {
                route.handler().handle(request, reply);
                return;
            }
        }
        reply.accept(request.method() == DirRequest.Method.POST ? strangeUpload : DirAnswer.NOT_FOUND);
    }
}
