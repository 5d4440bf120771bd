package sallyport.engine.relaycrypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import sallyport.engine.cell.Cell;
import sallyport.engine.crypto.AesBlocks;
import sallyport.engine.crypto.Polyval;

/// UIV+ of proposal 359: a cipher whose one block is the whole body of a cell. Whoever changes one bit of
/// what it made turns all of the body into noise. Relays encrypt, whichever way a cell goes; clients
/// decrypt. One object does one or the other.
final class UivPlus {
    /// Bytes of key material: J's AES key and hash key, then S's.
    static final int KEYS_LENGTH = 64;
    /// Bytes of a tweak, of a nonce and of a tag: a body's left part.
    static final int TAG_LENGTH = 16;

    private static final int RIGHT = Cell.BODY + TAG_LENGTH;
    private static final int RIGHT_LENGTH = Cell.BODY_LENGTH - TAG_LENGTH;
    private static final int RIGHT_BLOCKS = 31;
    /// Tweak, link command and right part, with zeros up to a whole block.
    private static final int HASHED_BLOCKS = 32;

    private static final int UPDATE_BLOCKS = (KEYS_LENGTH + TAG_LENGTH) / AesBlocks.BLOCK_LENGTH;
    /// The key stream's blocks are numbered by the six lowest bits; a body takes 0 to 30, new keys those
    /// after.
    private static final long NUMBER_MASK = 0x3f;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final AesBlocks leftCipher;
    private final Polyval leftHash = Polyval.create();
    private final AesBlocks rightCipher = new AesBlocks();
    private final Polyval rightHash = Polyval.create();
    private final Scratch scratch;

    /// @param keys [#KEYS_LENGTH] bytes from `at` on, read now
    /// @param scratch others may use it between our calls
    /// @param decrypts whether it is a client's
    UivPlus(byte[] keys, int at, Scratch scratch, boolean decrypts) {
        this.scratch = scratch;
        this.leftCipher = decrypts ? AesBlocks.decrypting() : new AesBlocks();
        key(keys, at);
    }

    /// Space for work on one cell at a time.
    static final class Scratch {
        final byte[] mask = new byte[TAG_LENGTH];
        final byte[] block = new byte[TAG_LENGTH];
        final byte[] encrypted = new byte[TAG_LENGTH];
        final byte[] blocks = new byte[HASHED_BLOCKS * Polyval.BLOCK_LENGTH];
        final byte[] stream = new byte[HASHED_BLOCKS * AesBlocks.BLOCK_LENGTH];
    }

    /// Encrypts the cell's body in place; its link command is part of the tweak.
    void encrypt(byte[] tweak, Cell cell) {
        byte[] array = cell.array();
        left(tweak, cell);
        System.arraycopy(scratch.encrypted, 0, array, Cell.BODY, TAG_LENGTH);
        keyStream(scratch.encrypted, 0, RIGHT_BLOCKS);
        xor(array, RIGHT, scratch.stream, RIGHT_LENGTH);
    }

    /// Undoes [#encrypt].
    void decrypt(byte[] tweak, Cell cell) {
        byte[] array = cell.array();
        System.arraycopy(array, Cell.BODY, scratch.block, 0, TAG_LENGTH);
        keyStream(scratch.block, 0, RIGHT_BLOCKS);
        xor(array, RIGHT, scratch.stream, RIGHT_LENGTH);
        left(tweak, cell);
        System.arraycopy(scratch.encrypted, 0, array, Cell.BODY, TAG_LENGTH);
    }

    /// The other form of the left part, which hangs on the tweak, the command and the plain right part.
    private void left(byte[] tweak, Cell cell) {
        byte[] array = cell.array();
        byte[] blocks = scratch.blocks;
        System.arraycopy(tweak, 0, blocks, 0, TAG_LENGTH);
        blocks[TAG_LENGTH] = (byte) cell.command();
        System.arraycopy(array, RIGHT, blocks, TAG_LENGTH + 1, RIGHT_LENGTH);
        Arrays.fill(blocks, TAG_LENGTH + 1 + RIGHT_LENGTH, blocks.length, (byte) 0);
        leftHash.hash(blocks, HASHED_BLOCKS, scratch.mask);

        System.arraycopy(array, Cell.BODY, scratch.block, 0, TAG_LENGTH);
        xor(scratch.block, 0, scratch.mask, TAG_LENGTH);
        leftCipher.apply(scratch.block, scratch.encrypted, 1);
        xor(scratch.encrypted, 0, scratch.mask, TAG_LENGTH);
    }

    /// Takes new keys, which follow from the old ones and the nonce, and puts a new nonce in its place.
    void update(byte[] nonce) {
        keyStream(nonce, RIGHT_BLOCKS, UPDATE_BLOCKS);
        key(scratch.stream, 0);
        System.arraycopy(scratch.stream, KEYS_LENGTH, nonce, 0, TAG_LENGTH);
        Arrays.fill(scratch.stream, 0, KEYS_LENGTH + TAG_LENGTH, (byte) 0);
    }

    private void key(byte[] keys, int at) {
        leftCipher.key(keys, at);
        leftHash.key(keys, at + 16);
        rightCipher.key(keys, at + 32);
        rightHash.key(keys, at + 48);
    }

    /// The blocks numbered from `first` on of the stream that belongs to `input`, which is lost.
    private void keyStream(byte[] input, int first, int count) {
        rightHash.hash(input, 1, scratch.mask);
        long high = (long) LONGS.get(scratch.mask, 0);
        long low = (long) LONGS.get(scratch.mask, 8) & ~NUMBER_MASK;
        for (int i = 0; i < count; i++) {
            LONGS.set(scratch.blocks, i * AesBlocks.BLOCK_LENGTH, high);
            LONGS.set(scratch.blocks, i * AesBlocks.BLOCK_LENGTH + 8, low | (first + i));
        }
        rightCipher.apply(scratch.blocks, scratch.stream, count);
    }

    private static void xor(byte[] into, int at, byte[] from, int length) {
        for (int i = 0; i < length; i++) {
            into[at + i] ^= from[i];
        }
    }
}
