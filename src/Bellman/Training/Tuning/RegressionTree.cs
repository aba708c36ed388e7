namespace Bellman.Training.Tuning;

/// <summary>A tree that is constant on boxes of the unit cube: numbers are split at a threshold, choices one against the others.</summary>
internal sealed class RegressionTree
{
    private const int FewestRows = 2;

    private readonly double[][] points;
    private readonly double[] values;
    private readonly int[] choices;
    private readonly List<Leaf> leaves = [];

    private RegressionTree(double[][] points, double[] values, int[] choices)
    {
        this.points = points;
        this.values = values;
        this.choices = choices;
    }

    /// <param name="points">Of all rows: numbers on [0, 1], or the index of a choice.</param>
    /// <param name="values">Of all rows.</param>
    /// <param name="rows">Those to fit, some of them more than once.</param>
    /// <param name="choices">How many a dimension has; 0 for a number.</param>
    public static RegressionTree Grow(double[][] points, double[] values, int[] rows, int[] choices)
    {
        var tree = new RegressionTree(points, values, choices);
        tree.Split(rows, new Box(choices));
        return tree;
    }

    /// <summary>Each dimension's share of the variance over the cube; null for a tree that is constant.</summary>
    public double[]? Shares()
    {
        double mean = leaves.Sum(leaf => leaf.Box.Volume * leaf.Value);
        double total = leaves.Sum(leaf => leaf.Box.Volume * (leaf.Value - mean) * (leaf.Value - mean));
        if (total <= 1e-12 * mean * mean) return null;
        double[] shares = new double[choices.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = (choices[i] > 0 ? ChoiceVariance(i, mean) : NumberVariance(i, mean)) / total;
        }

        return shares;
    }

    private double ChoiceVariance(int dimension, double mean)
    {
        double variance = 0;
        for (int choice = 0; choice < choices[dimension]; choice++)
        {
            double marginal = 0;
            foreach (Leaf leaf in leaves)
            {
                if (leaf.Box.Allowed[dimension][choice]) marginal += leaf.Value * leaf.Box.Volume / leaf.Box.Share(dimension);
            }

            variance += (marginal - mean) * (marginal - mean) / choices[dimension];
        }

        return variance;
    }

    /// <summary>The marginal is constant between the edges of the leaves.</summary>
    private double NumberVariance(int dimension, double mean)
    {
        double[] edges = [.. leaves.SelectMany(leaf => new[] { leaf.Box.Low[dimension], leaf.Box.High[dimension] }).Distinct().Order()];
        double variance = 0;
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            double middle = (edges[i] + edges[i + 1]) / 2;
            double marginal = 0;
            foreach (Leaf leaf in leaves)
            {
                bool isInside = leaf.Box.Low[dimension] < middle && middle < leaf.Box.High[dimension];
                if (isInside) marginal += leaf.Value * leaf.Box.Volume / leaf.Box.Share(dimension);
            }

            variance += (edges[i + 1] - edges[i]) * (marginal - mean) * (marginal - mean);
        }

        return variance;
    }

    private void Split(int[] rows, Box box)
    {
        Cut? best = rows.Length >= 2 * FewestRows ? BestCut(rows) : null;
        if (best is not Cut cut)
        {
            leaves.Add(new Leaf(box, rows.Average(row => values[row])));
            return;
        }

        Split([.. rows.Where(row => IsFirst(row, cut))], box.Part(cut, choices[cut.Dimension] > 0, isFirst: true));
        Split([.. rows.Where(row => !IsFirst(row, cut))], box.Part(cut, choices[cut.Dimension] > 0, isFirst: false));
    }

    private bool IsFirst(int row, Cut cut)
    {
        double x = points[row][cut.Dimension];
        return choices[cut.Dimension] > 0 ? x == cut.At : x < cut.At;
    }

    /// <summary>The cut that leaves the least squared error; null where none makes it less.</summary>
    private Cut? BestCut(int[] rows)
    {
        double sum = rows.Sum(row => values[row]);
        double most = (sum * sum / rows.Length) + (1e-9 * rows.Sum(row => values[row] * values[row]));
        Cut? best = null;
        for (int dimension = 0; dimension < choices.Length; dimension++)
        {
            foreach (double at in Places(rows, dimension))
            {
                var cut = new Cut(dimension, at);
                int count = 0;
                double first = 0;
                foreach (int row in rows)
                {
                    if (!IsFirst(row, cut)) continue;
                    count++;
                    first += values[row];
                }

                if (count < FewestRows || rows.Length - count < FewestRows) continue;
                double explained = (first * first / count) + ((sum - first) * (sum - first) / (rows.Length - count));
                if (explained > most) (best, most) = (cut, explained);
            }
        }

        return best;
    }

    private IEnumerable<double> Places(int[] rows, int dimension)
    {
        double[] seen = [.. rows.Select(row => points[row][dimension]).Distinct().Order()];
        return choices[dimension] > 0 ? seen : seen.Skip(1).Zip(seen, (right, left) => (left + right) / 2);
    }

    private readonly record struct Cut(int Dimension, double At);

    private readonly record struct Leaf(Box Box, double Value);

    private sealed class Box
    {
        public Box(int[] choices)
        {
            Low = new double[choices.Length];
            High = [.. choices.Select(_ => 1.0)];
            Allowed = Array.ConvertAll(choices, count => Enumerable.Repeat(element: true, count).ToArray());
        }

        private Box(Box other)
        {
            Low = [.. other.Low];
            High = [.. other.High];
            Allowed = Array.ConvertAll(other.Allowed, allowed => allowed.ToArray());
        }

        public double[] Low { get; }

        public double[] High { get; }

        public bool[][] Allowed { get; }

        public double Volume
        {
            get
            {
                double volume = 1;
                for (int i = 0; i < Low.Length; i++)
                {
                    volume *= Share(i);
                }

                return volume;
            }
        }

        public double Share(int dimension) => Allowed[dimension].Length > 0
            ? (double)Allowed[dimension].Count(allowed => allowed) / Allowed[dimension].Length
            : High[dimension] - Low[dimension];

        public Box Part(Cut cut, bool isChoice, bool isFirst)
        {
            var part = new Box(this);
            if (!isChoice)
            {
                (isFirst ? part.High : part.Low)[cut.Dimension] = cut.At;
                return part;
            }

            bool[] allowed = part.Allowed[cut.Dimension];
            for (int i = 0; i < allowed.Length; i++)
            {
                allowed[i] &= i == (int)cut.At == isFirst;
            }

            return part;
        }
    }
}
