package sallyport.engine.link;

import sallyport.engine.cell.Cell;

/// A circuit that only gives back what it gets; a test that wants to hear something overrides that.
class Deaf implements CellReceiver {
    @Override
    public void onCell(Cell cell) {
        cell.release();
    }

    @Override
    public void onDestroy(int reasonCode) {}

    @Override
    public void onLinkClosed() {}

    @Override
    public void onQueueLow() {}
}
