using Bellman.Experience;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Experience;

public sealed class SumTreeTests
{
    // Half-integers, so that sums are exact in any order.
    private static readonly Arbitrary<double[]> Numbers =
        Gen.Choose(0, 9).Select(value => value / 2.0).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    [Fact]
    public void A_mass_is_found_where_the_running_sum_first_exceeds_it()
    {
        // Running sums: 3, 3, 4, 9, 9.5.
        SumTree tree = Tree(3, 0, 1, 5, 0.5);
        Assert.Equal(9.5, tree.Total);
        Assert.Equal([0, 0, 2, 3, 3, 4], new[] { 0, 2.99, 3, 4, 8.99, 9 }.Select(tree.Find));
        tree[3] = 0;
        Assert.Equal(4.5, tree.Total);
        Assert.Equal(4, tree.Find(4));
    }

    [Fact]
    public void One_number_is_a_tree() => Assert.Equal(0, Tree(2).Find(1.9));

    [Fact]
    public void Rounding_never_leads_to_a_zero()
    {
        SumTree tree = Tree(0.1, 0.2, 0.3, 0, 0);
        Assert.Equal(2, tree.Find(tree.Total));
        Assert.Equal(2, tree.Find(Math.BitDecrement(tree.Total)));
    }

    [Fact]
    public void Totals_and_places_agree_with_a_plain_loop() =>
        Check.One(Quietly, Prop.ForAll(Numbers, Gen.Choose(0, 999).ToArbitrary(), (numbers, thousandth) =>
        {
            SumTree tree = Tree(numbers);
            double mass = numbers.Sum() * thousandth / 1000;
            return tree.Total == numbers.Sum() && (tree.Total == 0 || tree.Find(mass) == Walk(numbers, mass));
        }));

    [Fact]
    public void The_order_of_changes_leaves_no_trace() =>
        Check.One(Quietly, Prop.ForAll(Numbers, Gen.Choose(0, 1_000_000).ToArbitrary(), (numbers, seed) =>
        {
            double[] irrational = [.. numbers.Select(Math.Sqrt)];
            var shuffled = new SumTree(irrational.Length);
            foreach (int index in new Pcg64((ulong)seed).Permutation(irrational.Length))
            {
                shuffled[index] = Math.PI;
                shuffled[index] = irrational[index];
            }

            return shuffled.Total == Tree(irrational).Total;
        }));

    [Fact]
    public void A_loaded_tree_is_the_saved_one_to_the_bit() =>
        Check.One(Quietly, Prop.ForAll(Numbers, numbers =>
        {
            double[] irrational = [.. numbers.Select(Math.Sqrt)];
            SumTree saved = Tree(irrational);
            using var stream = new MemoryStream();
            saved.Visit(new StateWriter(stream), "tree", irrational.Length);
            stream.Position = 0;
            var loaded = new SumTree(irrational.Length);
            loaded.Visit(new StateReader(stream, stream.Length), "tree", irrational.Length);
            return loaded.Total == saved.Total && irrational.Index().All(entry => loaded[entry.Index] == entry.Item);
        }));

    [Fact]
    public void Draws_are_in_proportion()
    {
        double[] numbers = [1, 0, 2, 4, 0.5, 2.5];
        SumTree tree = Tree(numbers);
        var random = new Pcg64(1);
        const int Draws = 100_000;
        int[] counts = new int[numbers.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[tree.Find(random.NextDouble() * tree.Total)]++;
        }

        // Five standard deviations of a binomial count are below 800.
        Assert.All(numbers.Index(), entry => Assert.Equal(Draws * entry.Item / 10, counts[entry.Index], tolerance: 800));
        Assert.Equal(0, counts[1]);
    }

    private static SumTree Tree(params double[] numbers)
    {
        var tree = new SumTree(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            tree[i] = numbers[i];
        }

        return tree;
    }

    private static int Walk(double[] numbers, double mass)
    {
        double sum = 0;
        for (int i = 0; ; i++)
        {
            sum += numbers[i];
            if (mass < sum) return i;
        }
    }
}
