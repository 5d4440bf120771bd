package sallyport.engine.dirserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the statistics learn of requests for consensuses.
class ConsensusFetchTest {
    private static final String GET = "GET " + DirRequest.CONSENSUS + "-microdesc HTTP/1.0\r\n\r\n";
    private static final byte[] CONSENSUS = new byte[100_000];

    private DirAnswer answer = DirAnswer.NOT_FOUND;
    private final Dialogue dialogue = new Dialogue(new DirRoutes()
            .getBelow(DirRequest.CONSENSUS, (_, reply) -> reply.accept(answer))
            .getBelow("/tor/keys/", (_, reply) -> reply.accept(answer)));

    @AfterEach
    void nothingIsHeld() {
        assertThat(dialogue.heldBytes()).isZero();
    }

    @Test
    void aConsensusThatWasSentIsCounted() {
        answer = DirAnswer.bytes(CONSENSUS, 0);
        byte[] sent = dialogue.exchange(GET);
        assertThat(dialogue.counted())
                .contains(
                        "dirreq-v3-ips ??=8",
                        "dirreq-v3-reqs ??=8",
                        "dirreq-v3-resp served=8,ok=8,not-enough-sigs=0,unavailable=0,not-found=0,not-modified=0,busy=0",
                        "dirreq-v3-tunneled-dl complete=4,timeout=0,running=0");
        dialogue.exchange("GET /tor/keys/all HTTP/1.0\r\n\r\n");
        for (int i = 0; i < 7; i++) {
            dialogue.exchange(GET);
        }
        assertThat(dialogue.counted()).contains("dirreq-v3-reqs ??=8");
        assertThat(dialogue.statistics.bandwidth().totals().written()).isZero();
        assertThat(sent.length).isGreaterThan(CONSENSUS.length);
    }

    /// As in C tor: who does not take it all has been served, and that is all.
    @Test
    void aConsensusThatNobodyTakesIsOnItsWayAndThenLost() {
        answer = DirAnswer.bytes(CONSENSUS, 0);
        dialogue.open().connect().send(GET);
        dialogue.take(40_000);
        assertThat(dialogue.counted())
                .contains(
                        "dirreq-v3-ips ",
                        "dirreq-v3-resp served=8,ok=0,not-enough-sigs=0,unavailable=0,not-found=0,not-modified=0,busy=0",
                        "dirreq-v3-tunneled-dl complete=0,timeout=0,running=4");
        dialogue.close();
        dialogue.pass(700);
        assertThat(dialogue.counted()).contains("dirreq-v3-tunneled-dl complete=0,timeout=4,running=0");
    }

    @Test
    void refusalsAreToldApart() {
        DirAnswer[] refusals = {
            DirAnswer.TOO_FEW_SIGNERS,
            DirAnswer.UNREADABLE,
            DirAnswer.NOT_FOUND,
            new DirAnswer.Status(404, "Consensus is too old"),
            DirAnswer.NOT_MODIFIED,
            DirAnswer.BUSY
        };
        for (int i = 0; i < 8; i++) {
            for (DirAnswer refusal : refusals) {
                answer = refusal;
                dialogue.exchange(GET);
            }
        }
        answer = DirAnswer.BUSY;
        dialogue.exchange("GET /tor/keys/all HTTP/1.0\r\n\r\n");
        assertThat(dialogue.counted())
                .contains(
                        "dirreq-v3-resp served=0,ok=0,not-enough-sigs=8,unavailable=0,not-found=16,not-modified=8,busy=8");
    }
}
