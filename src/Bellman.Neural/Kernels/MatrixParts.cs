namespace Bellman.Neural.Kernels;

/// <summary>A product divided for several threads; an item is some of its columns, or of its rows where there are more of them.</summary>
internal readonly unsafe struct MatrixParts<V> : IWork
    where V : struct, ISimd<V>
{
    // Two panels of the widest vectors: parts begin where the panels of the undivided product do.
    private const int Columns = 64;
    private const int Rows = 64;

    private readonly ProductOperands product;
    private readonly bool byColumns;

    public MatrixParts(in ProductOperands product)
    {
        this.product = product;
        byColumns = product.N >= product.M;
    }

    public int Count => (int)(byColumns ? (product.N + Columns - 1) / Columns : (product.M + Rows - 1) / Rows);

    public void Do(int item)
    {
        ProductOperands part = product;
        if (byColumns)
        {
            nint start = (nint)item * Columns;
            part.B += product.BTransposed ? start * product.BStride : start;
            part.C += start;
            if (part.Bias != null) part.Bias += start;
            part.N = Math.Min(Columns, product.N - start);
        }
        else
        {
            nint start = (nint)item * Rows;
            part.A += start * product.ARow;
            part.C += start * product.CRow;
            part.M = Math.Min(Rows, product.M - start);
        }

        MatrixBlocks.MultiplyBlocks<V>(in part);
    }
}
