package sallyport.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.ResolveMessage;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.dns.DnsAnswer;
import sallyport.engine.dns.Lookup;
import sallyport.engine.dns.Resolution;

/// A RESOLVE that waits for its answer; it holds a stream id meanwhile and carries no data.
final class LookupStream implements OpenStream {
    /// C tor: RESOLVED always states the shortest time.
    static final int TTL_SECONDS = 60;

    private final Streams streams;
    private final int id;
    private @Nullable Lookup lookup;
    private boolean over;

    LookupStream(Streams streams, int id) {
        this.streams = streams;
        this.id = id;
    }

    void start(ResolveMessage message) {
        Lookup asked = streams.context().resolver().addressesOrName(message.name(), this::resolved);
        lookup = over ? null : asked;
    }

    @Override
    public void onData(byte[] array, int offset, int length) {
        streams.context().faults().count("DATA for a RESOLVE");
    }

    @Override
    public void onSendme() {
        streams.context().faults().count("SENDME for a RESOLVE");
    }

    @Override
    public void onXoff() {
        streams.count("XOFF for a RESOLVE");
    }

    @Override
    public void onXon(byte[] array, int offset, int length) {
        streams.count("XON for a RESOLVE");
    }

    @Override
    public boolean isDirectory() {
        return false;
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void abandon() {
        over = true;
        if (lookup != null) {
            streams.forget(lookup);
        }
    }

    @Override
    public void drop() {
        abandon();
    }

    @Override
    public @Nullable Long oldestNanos() {
        return null;
    }

    private void resolved(Resolution resolution) {
        over = true;
        streams.remove(id);
        streams.send(id, answer(resolution));
    }

    /// A first, then AAAA (C tor); an error only where there is neither.
    static ResolvedMessage answer(Resolution resolution) {
        if (resolution.reverse() instanceof DnsAnswer.Name name) {
            byte[] host = name.host().getBytes(StandardCharsets.US_ASCII);
            return new ResolvedMessage(
                    List.of(new ResolvedMessage.Answer(ResolvedMessage.HOSTNAME, host, TTL_SECONDS)));
        }
        List<ResolvedMessage.Answer> answers = new ArrayList<>(2);
        add(answers, ResolvedMessage.IPV4, resolution.ipv4());
        add(answers, ResolvedMessage.IPV6, resolution.ipv6());
        if (!answers.isEmpty()) {
            return new ResolvedMessage(answers);
        }
        // C tor knows no transient failure of a reverse lookup, and lets the A record decide between the two kinds.
        return ResolvedMessage.error(DnsAnswer.isTransientFailure(resolution.ipv4()), TTL_SECONDS);
    }

    private static void add(List<ResolvedMessage.Answer> answers, int type, @Nullable DnsAnswer answer) {
        byte[] ip = DnsAnswer.addressOf(answer);
        if (ip != null) {
            answers.add(new ResolvedMessage.Answer(type, ip, TTL_SECONDS));
        }
    }
}
