package sallyport.engine.link;

import java.net.SocketAddress;
import java.util.function.Consumer;
import sallyport.engine.cell.DestroyReason;

/// Asks whether somebody else takes links with our keys. Whoever answers has shown that he has them; the
/// link is closed then. Runs on the loop.
final class OwnKeysProbe implements DialResult {
    private final Links links;
    private final Consumer<Boolean> answer;

    OwnKeysProbe(Links links, Consumer<Boolean> answer) {
        this.links = links;
        this.answer = answer;
    }

    @Override
    public void opened(Link link) {
        boolean ourselves = isOurs(link.channel().localAddress());
        link.close();
        answer.accept(!ourselves);
    }

    @Override
    public void failed(DestroyReason reason) {
        answer.accept(false);
    }

    /// Whether the other end is a link that we accepted: of an address that we are just giving up, or
    /// that leads to us.
    private boolean isOurs(SocketAddress nearEnd) {
        return links.all().stream()
                .anyMatch(link ->
                        !link.isDialed() && nearEnd.equals(link.channel().remoteAddress()));
    }
}
