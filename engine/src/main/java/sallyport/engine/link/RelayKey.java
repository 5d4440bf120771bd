package sallyport.engine.link;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The RSA digest of a relay, as a key of maps.
record RelayKey(byte[] rsaDigest) {
    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof RelayKey other && Arrays.equals(rsaDigest, other.rsaDigest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rsaDigest);
    }
}
