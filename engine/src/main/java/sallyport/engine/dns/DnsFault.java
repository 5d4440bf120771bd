package sallyport.engine.dns;

import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import sallyport.engine.accounting.Tally;

/// Why a question has no usable answer: the codes of RFC 1035, and what has no code.
enum DnsFault {
    FORMAT(false, Tally.DNS_FORMAT),
    SERVER_FAILED(true, Tally.DNS_SERVER_FAILED),
    NOT_EXIST(false, Tally.DNS_NOT_EXIST),
    NOT_IMPLEMENTED(false, Tally.DNS_NOT_IMPLEMENTED),
    REFUSED(false, Tally.DNS_REFUSED),
    /// Any other code.
    UNKNOWN(false, Tally.DNS_UNKNOWN),
    /// The name is there, and nothing of that kind.
    NO_DATA(false, Tally.DNS_NO_DATA),
    /// Too long for a datagram, and not to be had over TCP either.
    TRUNCATED(true, Tally.DNS_TRUNCATED),
    /// Nobody answered in time, or nobody is there to be asked.
    TIMEOUT(true, Tally.DNS_TIMEOUT);

    private final boolean isTransient;
    private final Tally tally;

    DnsFault(boolean isTransient, Tally tally) {
        this.isTransient = isTransient;
        this.tally = tally;
    }

    /// Whether asking again later may help.
    boolean isTransient() {
        return isTransient;
    }

    Tally tally() {
        return tally;
    }

    /// What a response that is no success says.
    static DnsFault of(DnsResponse response) {
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.FORMERR)) {
            return FORMAT;
        }
        if (code.equals(DnsResponseCode.SERVFAIL)) {
            return SERVER_FAILED;
        }
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
            return NOT_EXIST;
        }
        if (code.equals(DnsResponseCode.NOTIMP)) {
            return NOT_IMPLEMENTED;
        }
        return code.equals(DnsResponseCode.REFUSED) ? REFUSED : UNKNOWN;
    }
}
