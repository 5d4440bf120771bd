package sallyport.engine.link;

import java.util.Arrays;

/// The circuits of one link that have something to send, as a binary heap: first the one that has sent least of late.
final class QuietestFirst {
    private CircuitPort[] heap = new CircuitPort[8];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    CircuitPort first() {
        return heap[0];
    }

    void add(CircuitPort port) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, port);
    }

    /// The first one has sent something.
    void firstSent() {
        siftDown(0, heap[0]);
    }

    void remove(CircuitPort port) {
        int index = port.heapIndex;
        port.heapIndex = -1;
        CircuitPort last = heap[--size];
        heap[size] = null;
        if (index < size) {
            siftDown(index, last);
            if (last.heapIndex == index) {
                siftUp(index, last);
            }
        }
    }

    private void siftUp(int index, CircuitPort port) {
        int at = index;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent].recentCells <= port.recentCells) {
                break;
            }
            place(at, heap[parent]);
            at = parent;
        }
        place(at, port);
    }

    private void siftDown(int index, CircuitPort port) {
        int at = index;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].recentCells < heap[child].recentCells) {
                child++;
            }
            if (heap[child].recentCells >= port.recentCells) {
                break;
            }
            place(at, heap[child]);
            at = child;
        }
        place(at, port);
    }

    private void place(int index, CircuitPort port) {
        heap[index] = port;
        port.heapIndex = index;
    }
}
