package sallyport.engine.circuit;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV0;
import sallyport.engine.cell.RelayCellV1;
import sallyport.engine.relaycrypto.CgoClientLayer;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// What a [TestClient] holds for one hop, in either encryption.
interface ClientHop {
    RelayCellFormat format();

    void originate(Cell cell);

    void outer(Cell cell);

    boolean backward(Cell cell);

    byte[] forwardTag();

    byte[] backwardTag();

    static ClientHop tor1(byte[] keys) {
        Tor1ClientLayer layer = new Tor1ClientLayer(keys);
        return new ClientHop() {
            @Override
            public RelayCellFormat format() {
                return RelayCellV0.FORMAT;
            }

            @Override
            public void originate(Cell cell) {
                layer.originate(cell);
            }

            @Override
            public void outer(Cell cell) {
                layer.outer(cell);
            }

            @Override
            public boolean backward(Cell cell) {
                return layer.backward(cell);
            }

            @Override
            public byte[] forwardTag() {
                return layer.forwardTag();
            }

            @Override
            public byte[] backwardTag() {
                return layer.backwardTag();
            }
        };
    }

    static ClientHop cgo(byte[] keys) {
        CgoClientLayer layer = new CgoClientLayer(keys);
        return new ClientHop() {
            @Override
            public RelayCellFormat format() {
                return RelayCellV1.FORMAT;
            }

            @Override
            public void originate(Cell cell) {
                layer.originate(cell);
            }

            @Override
            public void outer(Cell cell) {
                layer.outer(cell);
            }

            @Override
            public boolean backward(Cell cell) {
                return layer.backward(cell);
            }

            @Override
            public byte[] forwardTag() {
                return layer.forwardTag();
            }

            @Override
            public byte[] backwardTag() {
                return layer.backwardTag();
            }
        };
    }
}
