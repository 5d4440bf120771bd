package sallyport.engine.dns;

import org.jspecify.annotations.Nullable;

/// What became of one question.
public sealed interface DnsAnswer {
    /// Seconds it may be kept, clipped and fuzzed.
    int ttlSeconds();

    /// The first address: 4 bytes for an A record, 16 for AAAA. Not to be changed.
    record Address(byte[] ip, int ttlSeconds) implements DnsAnswer {
        @Override
        public String toString() {
            return "[scrubbed]";
        }
    }

    /// The first name of a PTR record, without a final dot.
    record Name(String host, int ttlSeconds) implements DnsAnswer {
        @Override
        public String toString() {
            return "[scrubbed]";
        }
    }

    /// Nothing usable.
    record Failure(DnsFault why, int ttlSeconds) implements DnsAnswer {
        /// Asking again later may help.
        boolean isTransient() {
            return why.isTransient();
        }
    }

    /// The address of an answer; null for any other.
    static byte @Nullable [] addressOf(@Nullable DnsAnswer answer) {
        return answer instanceof Address address ? address.ip() : null;
    }

    /// Whether the answer is missing because of something passing.
    static boolean isTransientFailure(@Nullable DnsAnswer answer) {
        return answer instanceof Failure failure && failure.isTransient();
    }
}
