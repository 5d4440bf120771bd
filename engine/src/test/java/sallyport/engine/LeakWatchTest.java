package sallyport.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// A watch that sees nothing would let every leak pass. (That it runs after every class is shown by the build: take a
/// `release()` out of any test.)
@Isolated("what it leaks on purpose must not be found by the watch over another class")
class LeakWatchTest {
    @Test
    void aBufferThatIsNeverReleasedIsReportedOnceWithItsPlace() {
        leak();

        assertThatThrownBy(LeakWatch::failIfLeaked)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 leaked")
                .hasMessageContaining("LeakWatchTest.leak");
        assertThatCode(LeakWatch::failIfLeaked).doesNotThrowAnyException();
    }

    @Test
    void aReleasedBufferAndOneStillHeldAreNoLeaks() {
        ByteBuf held = Unpooled.directBuffer(8);
        PooledByteBufAllocator.DEFAULT.buffer(8).release();

        assertThatCode(LeakWatch::failIfLeaked).doesNotThrowAnyException();
        held.release();
    }

    /// In a method of its own: no frame may still hold the buffer when the collector runs.
    private static void leak() {
        PooledByteBufAllocator.DEFAULT.buffer(8).writeByte(1);
    }
}
