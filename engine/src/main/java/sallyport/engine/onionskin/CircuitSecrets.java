package sallyport.engine.onionskin;

import java.util.Arrays;

/// What a handshake leaves behind for one circuit. The holder calls [#destroy] once the relay layer is made.
public final class CircuitSecrets {
    /// Bytes of Df | Db | Kf | Kb.
    static final int KEYS_LENGTH = 72;
    /// Bytes of the keys of counter galois onion: 80 forward, 80 backward.
    static final int COUNTER_GALOIS_KEYS_LENGTH = 160;
    /// Bytes of KH, which signs introduction requests (rend-spec "rend circuit nonce").
    static final int NONCE_LENGTH = 20;

    private final byte[] keys;
    private final byte[] nonce;

    CircuitSecrets(byte[] keys, byte[] nonce) {
        this.keys = keys;
        this.nonce = nonce;
    }

    /// Df[20] | Db[20] | Kf[16] | Kb[16], or what counter galois onion takes; shared, not a copy.
    public byte[] keys() {
        return keys;
    }

    /// 20 bytes that both ends of this circuit know; shared, not a copy.
    public byte[] nonce() {
        return nonce;
    }

    /// Wipes the keys.
    public void destroy() {
        Arrays.fill(keys, (byte) 0);
        Arrays.fill(nonce, (byte) 0);
    }
}
