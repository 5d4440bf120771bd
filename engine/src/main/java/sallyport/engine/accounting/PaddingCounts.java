package sallyport.engine.accounting;

import java.util.List;

/// How many of the cells are padding (dir-spec `padding-counts`). Runs on: the instance's loop.
public final class PaddingCounts implements Statistic {
    private static final int ROUNDED_TO = 10_000;

    private long read;
    private long readPadding;
    private long readDrops;
    private long readPadded;
    private long readPaddedPadding;
    private long written;
    private long writtenPadding;
    private long writtenDrops;
    private long writtenPadded;
    private long writtenPaddedPadding;
    private int timers;
    private int timersMost;

    /// A cell came.
    ///
    /// @param padding whether it is a PADDING cell
    /// @param padded whether its link is padded
    public void read(boolean padding, boolean padded) {
        read++;
        if (padding) {
            readPadding++;
        }
        if (padded) {
            readPadded++;
            if (padding) {
                readPaddedPadding++;
            }
        }
    }

    /// Cells left, none of them PADDING.
    public void written(int cells, boolean padded) {
        written += cells;
        if (padded) {
            writtenPadded += cells;
        }
    }

    /// A PADDING cell left.
    public void paddingWritten(boolean padded) {
        written(1, padded);
        writtenPadding++;
        if (padded) {
            writtenPaddedPadding++;
        }
    }

    /// A DROP message for us came.
    public void dropRead() {
        readDrops++;
    }

    /// A padding machine of ours sent a DROP message.
    public void dropWritten() {
        writtenDrops++;
    }

    /// A timer waits for the silence of a link.
    public void timerStarted() {
        timers++;
        timersMost = Math.max(timersMost, timers);
    }

    /// It waits no more.
    public void timerStopped() {
        timers--;
    }

    @Override
    public void begin(long nowNanos) {
        read = 0;
        readPadding = 0;
        readDrops = 0;
        readPadded = 0;
        readPaddedPadding = 0;
        written = 0;
        writtenPadding = 0;
        writtenDrops = 0;
        writtenPadded = 0;
        writtenPaddedPadding = 0;
        timersMost = 0;
    }

    /// As C tor, nothing where no cell came or none left.
    @Override
    public List<String> lines(String day, long nowNanos) {
        if (read == 0 || written == 0) {
            return List.of();
        }
        return List.of("padding-counts " + day + " bin-size=" + ROUNDED_TO + " write-drop=" + rounded(writtenDrops)
                + " write-pad=" + rounded(writtenPadding) + " write-total=" + rounded(written) + " read-drop="
                + rounded(readDrops) + " read-pad=" + rounded(readPadding) + " read-total=" + rounded(read)
                + " enabled-read-pad=" + rounded(readPaddedPadding) + " enabled-read-total=" + rounded(readPadded)
                + " enabled-write-pad=" + rounded(writtenPaddedPadding) + " enabled-write-total="
                + rounded(writtenPadded) + " max-chanpad-timers=" + timersMost);
    }

    private static long rounded(long number) {
        return Rounding.up(number, ROUNDED_TO);
    }
}
