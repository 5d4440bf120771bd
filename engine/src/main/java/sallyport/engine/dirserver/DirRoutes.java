package sallyport.engine.dirserver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Which handler answers which path; the first that fits. Filled before the first request.
public final class DirRoutes {
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

    void handle(DirRequest request, Consumer<DirAnswer> reply) {
        for (Route route : routes) {
            if (route.fits(request)) {
                route.handler().handle(request, reply);
                return;
            }
        }
        reply.accept(request.method() == DirRequest.Method.POST ? NO_UPLOADS : DirAnswer.NOT_FOUND);
    }
}
