using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>Images with a label each as sequences, from IDX files.</summary>
internal sealed class IdxImages : ExampleTask
{
    private static readonly string[] Parts = ["", "validation_", "test_"];
    private readonly int[]? _order;
    private readonly int _width;

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "idx_images",
        "images by pixel or by row, from IDX files as MNIST has them",
        [
            "Images: IDX of bytes in three dimensions, of labels in one; packed by gzip or not.",
            "Input: the image's pixels / 255, row after row, one at a step (28 × 28: T = 784) or a row at a step (T = 28, 28 numbers). Target: the label.",
            "permuted: the pixels of all images in one order drawn from the seed, of all orders alike. Equal images are held out together.",
        ],
        "IDX (LeCun et al. 1998); by pixel and permuted: Le et al. 2015",
        (values, record) => new IdxImages(values, record),
        [
            new FileSetting("images", "images to train on", true), new FileSetting("labels", "their labels", true),
            new FileSetting("validation_images", "images to validate on", false), new FileSetting("validation_labels", "their labels", false),
            new FileSetting("test_images", "images to test on", false), new FileSetting("test_labels", "their labels", false),
            HeldOutLines.Setting,
            new IntegerSetting("max_examples", "the first so many images of each file; 0: all", 0, 0, int.MaxValue),
            new WordSetting("by", "what a step is", "pixel", "pixel", "row"),
            new FlagSetting("permuted", "pixels stand in one order drawn from the seed", false),
        ]);

    private IdxImages(TaskValues values, TaskRecord? record)
    {
        var sets = Parts.Select(part => Read(values, part)).ToArray();
        var (images, labels) = sets[0]!.Value;
        var (rows, columns) = ((int)images.Sizes[1], (int)images.Sizes[2]);
        foreach (var (other, _) in sets.OfType<(IdxFile Images, IdxFile Labels)>())
            if (!other.Sizes.AsSpan(1).SequenceEqual(images.Sizes.AsSpan(1)))
                throw new UserException($"{other.Path}: expected images of {rows} × {columns} as in {images.Path}, these are {other.Sizes[1]} × {other.Sizes[2]}");
        _width = values.Word("by") == "row" ? columns : 1;
        _order = values.Flag("permuted") ? Permutation(rows * columns, values.Seed) : null;
        int[] Used(IdxFile file) => [.. Enumerable.Range(0, values.Integer("max_examples") is > 0 and var most ? Math.Min(most, file.Count) : file.Count)];
        var (training, validation) = sets[1] is not null
            ? (Used(images), [])
            : HeldOutLines.Split([.. Used(images).Select(i => HeldOutLines.Key(images[i]))], values.Number("validation_fraction"), values.Seed, images.Path);
        TargetVocabulary = record?.Vocabulary("target") ?? Vocabulary.Of([.. training.Select(i => labels[i][0]).Distinct().Order().Select(label => $"{label}")]);
        Training = Examples(images, labels, training);
        Evaluation = [
            new("validation", sets[1] is { } v ? Examples(v.Images, v.Labels, Used(v.Images)) : Examples(images, labels, validation)),
            .. sets[2] is { } t ? new[] { new ExampleSet("test", Examples(t.Images, t.Labels, Used(t.Images))) } : [],
        ];
        Shape = new(new(ValueKind.Reals, _width), new(ValueKind.Tokens, TargetVocabulary.Size), TargetPlace.Sequence);
        var files = new Dictionary<string, string>();
        foreach (var (part, set) in Parts.Zip(sets))
            if (set is var (i, l))
                (files[$"{part}images"], files[$"{part}labels"]) = (i.Sha256, l.Sha256);
        Record = new(
            files, new Dictionary<string, IReadOnlyList<string>> { ["target"] = TargetVocabulary.Symbols },
            new Dictionary<string, double[]>());
        var others = string.Join(", ", Evaluation.Select(part => $"{part.Examples.Count} for {part.Name}"));
        Description = $"{images.Path}: {training.Length} images of {rows} × {columns} to train on, {others}; "
            + $"{TargetVocabulary.Size} classes, {rows * columns / _width} steps{(_order is null ? "" : ", permuted")}";
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override IExamples Training { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary { get; }

    /// <inheritdoc/>
    public override TaskRecord Record { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    private static (IdxFile Images, IdxFile Labels)? Read(TaskValues values, string part)
    {
        var (imagesPath, labelsPath) = (values.Text($"{part}images"), values.Text($"{part}labels"));
        if (imagesPath is null != labelsPath is null)
            throw values.Error(imagesPath is null ? $"{part}labels" : $"{part}images", $"{part}images and {part}labels are given together or not at all");
        if (imagesPath is null)
            return null;
        var (images, labels) = (new IdxFile(imagesPath, 3), new IdxFile(labelsPath!, 1));
        return images.Count == labels.Count ? (images, labels) : throw new UserException($"{labelsPath}: {labels.Count} labels for the {images.Count} images of {imagesPath}");
    }

    private static int[] Permutation(int count, ulong seed)
    {
        var stream = new RandomStream(seed, "pixel_permutation");
        return [.. Enumerable.Range(0, count).OrderBy(i => stream.Uniform(0, (ulong)i)).ThenBy(i => i)];
    }

    private GeneratedExamples Examples(IdxFile images, IdxFile labels, int[] chosen)
    {
        foreach (var i in chosen)
            if (TargetVocabulary.Find($"{labels[i][0]}") is null)
                throw new UserException(
                    $"{labels.Path}: label {labels[i][0]} of image {i} is not in the training part, which has {string.Join(", ", TargetVocabulary.Symbols)}");
        return new(index => Example(images[chosen[index]], labels[chosen[index]][0]), chosen.Length);
    }

    private Example Example(ReadOnlySpan<byte> image, byte label)
    {
        var pixels = new double[image.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = image[_order is null ? i : _order[i]] / 255.0;
        return new(new RealSteps(pixels, _width), new TokenSteps([TargetVocabulary.Find($"{label}")!.Value]));
    }
}
